import * as React from "react";
import { expect, test, vi } from "vitest";
import type { Services } from "../../../src/panels/core";
import { useLoader } from "../../../src/panels/forms/loader";
import { formFor, LOAD, valuesFor } from "../../../src/panels/forms/spec";
import { mount, pass } from "./mounting";
import { field, form } from "./specs";

const SOON = 500; // ms

const LOADS = { ...form([field({ name: "Filename", widget: "files" })]), of: LOAD };

function withOptions(loader: string) {
  const option = { ...field({ name: `Of${loader}`, widget: "text" }), group: "loader" };
  return { ...LOADS, groups: [{ name: "loader", label: `Options of ${loader}` }], fields: [...LOADS.fields, option] };
}

function session(status: string, mantid: string | null) {
  const post = vi.fn(async (_path: string, { loader }: { loader?: string }) => ({
    path: "/data/x.nxs",
    loader: loader ?? "LoadEventNexus",
    guessed_by: loader === undefined ? "what is in it (SNS events)" : "",
    form: withOptions(loader ?? "LoadEventNexus"),
  }));
  const ask = vi.fn(async () => ({ loader: mantid, version: mantid && 2 }));
  const services = { server: { post }, kernel: { status, ask, environment: "" }, cells: { path: "a.ipynb" } };
  return { services: services as unknown as Services, post, ask };
}

function Shown({ services, file }: { services: Services; file: string | undefined }): React.JSX.Element {
  const { spec, said } = useLoader(services, LOADS, file);
  return <p>{`${spec.groups.map(({ label }) => label).join()}|${said}`}</p>;
}

test("without Mantid the loader is guessed, and it is said that it is a guess", async () => {
  const { services, ask } = session("busy", null);
  const place = mount(<Shown services={services} file="x.nxs" />);
  expect(place.textContent).toBe("|");
  await pass(SOON);
  expect(place.textContent).toBe(
    "Options of LoadEventNexus|Mantid will probably take LoadEventNexus for this file, going by what is in it (SNS events).",
  );
  expect(ask).not.toHaveBeenCalled();
});

test("a kernel with Mantid says which loader it is", async () => {
  const { services, post } = session("idle", "LoadISISNexus");
  const place = mount(<Shown services={services} file="x.nxs" />);
  await pass(SOON);
  expect(place.textContent).toBe("Options of LoadISISNexus|Mantid takes LoadISISNexus for this file.");
  expect(post.mock.lastCall?.[1]).toMatchObject({ loader: "LoadISISNexus", version: 2, path: "a.ipynb" });
});

test("nothing is asked before there is a file", async () => {
  const { services, post } = session("idle", "LoadISISNexus");
  mount(<Shown services={services} file={undefined} />);
  await pass(SOON);
  expect(post).not.toHaveBeenCalled();
});

test("options of another loader are not written, and the form goes along with what is asked of it", () => {
  const spec = withOptions("LoadEventNexus");
  const values = { Filename: "x.nxs", OfLoadEventNexus: "1", OfLoadISISNexus: "2" };
  expect(valuesFor(spec, values)).toEqual({ Filename: "x.nxs", OfLoadEventNexus: "1" });
  expect(formFor(spec)).toEqual({ form: spec });
  expect(formFor(LOADS)).toEqual({});
});
