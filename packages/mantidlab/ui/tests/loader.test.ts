import { afterEach, describe, expect, test, vi } from "vitest";
import { addressOf } from "../src/loader";

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

function pageOfJupyterLab(baseUrl: string): void {
  const told = document.createElement("script");
  told.id = "jupyter-config-data";
  told.type = "application/json";
  told.textContent = JSON.stringify({ baseUrl });
  document.body.append(told);
}

describe("the address of a bundle", () => {
  test("lies below the session's own path, under the bundle's hash", () => {
    pageOfJupyterLab("/user/maria/");
    expect(new URL(addressOf("lines", "0a1b")!).pathname).toBe("/user/maria/mantidlab/plots/0a1b/lines.js");
  });

  test("is unknown on pages that are not JupyterLab's", () => {
    expect(addressOf("lines", "0a1b")).toBeUndefined();
  });
});
