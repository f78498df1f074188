import { describe, expect, it } from "vitest";
import { tableOf } from "../src/core/table";

describe("a table", () => {
  const table = tableOf({
    columns: ["Curve", "Sum", "Error"],
    rows: [
      ["sample", 1234567890, "1.2e+06 ± 3.0e-04"],
      ["empty", Number.NaN, null],
    ],
    start: 0,
    total: 2,
  });

  it("names its columns for screen readers", () => {
    const heads = [...table.querySelectorAll("th")];
    expect(heads.map((head) => head.textContent)).toEqual(["Curve", "Sum", "Error"]);
    expect(heads.every((head) => head.scope === "col")).toBe(true);
  });

  it("writes numbers as in print, and says where there is none", () => {
    const cells = [...table.querySelectorAll("td")].map((cell) => cell.textContent);
    expect(cells).toEqual(["sample", "1.2345679 × 10⁹", "1.2 × 10⁶ ± 3.0 × 10⁻⁴", "empty", "no value", "–"]);
  });
});
