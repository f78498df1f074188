import { expect, test } from "vitest";
import { fromPython, lookAt, toPython } from "../../../src/panels/core/look";
import { JupyterServer } from "../../../src/panels/core/server";

const SMILE = "s = '🙂'; Rebin(Parms=1)";

test("characters are counted as Python does where a browser counts two", () => {
  const place = SMILE.indexOf("Parms");
  expect(toPython(SMILE, place)).toBe(place - 1);
  expect(fromPython(SMILE, place - 1)).toBe(place);
  expect(fromPython("Rebin(", 6)).toBe(6);
});

test("what the server finds is put back to where it stands in the page", async () => {
  const bodies: unknown[] = [];
  const start = SMILE.indexOf("Parms") - 1;
  const problem = { start, end: start + 5, name: "Parms", message: "Rebin has no property Parms.", offers: ["Params"] };
  const server = new JupyterServer("/", async (_, { body }) => {
    bodies.push(JSON.parse(String(body)));
    return new Response(JSON.stringify({ of: "Rebin", property: null, problems: [problem] }));
  });
  const { problems } = await lookAt(server, { source: SMILE, offset: 5, before: ["import a", "b"], environment: "py" });
  expect(bodies).toEqual([{ source: SMILE, offset: 5, context: "import a\nb", environment: "py" }]);
  expect(SMILE.slice(problems[0]?.start, problems[0]?.end)).toBe("Parms");
});
