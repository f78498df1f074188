import { expect, test } from "vitest";
import { JupyterServer, type Send } from "../../../src/panels/core/server";
import { Trouble } from "../../../src/panels/core/trouble";

function serverThat(send: Send) {
  return new JupyterServer("http://host/user/ada/", send);
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status });
}

test("a question goes below mantidlab/ with the parameters that are given", async () => {
  const asked: string[] = [];
  const server = serverThat(async (address, { method }) => {
    asked.push(`${method} ${address}`);
    return json({ hits: [] });
  });
  expect(await server.get("docs/search", { q: "conver units", environment: undefined })).toEqual({ hits: [] });
  expect(asked).toEqual(["GET http://host/user/ada/mantidlab/docs/search?q=conver+units"]);
});

test("what is sent is JSON", async () => {
  const server = serverThat(async (_, { method, body }) => json({ method, got: JSON.parse(String(body)) }));
  expect(await server.post("docs/look", { offset: 3 })).toEqual({ method: "POST", got: { offset: 3 } });
});

test("a refusal is the server's sentence", async () => {
  const server = serverThat(async () => json({ message: "There is no algorithm Rebinn." }, 404));
  const refused = server.get("docs/thing");
  await expect(refused).rejects.toThrow("There is no algorithm Rebinn.");
  await expect(refused).rejects.toBeInstanceOf(Trouble);
});

test("a refusal without a sentence and a server that is gone are sentences too", async () => {
  await expect(serverThat(async () => new Response("<html>", { status: 502 })).get("x")).rejects.toThrow("502");
  const gone = serverThat(() => Promise.reject(new TypeError("Failed to fetch")));
  await expect(gone.get("x")).rejects.toThrow("cannot be reached");
});
