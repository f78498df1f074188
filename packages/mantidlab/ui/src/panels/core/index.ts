// What panels use of the core.

export type { Caret, Cells, Outcome } from "./cells";
export { Busy, Button, type Column, Notice, PanelFrame, SearchBox, Table } from "./frame";
export { type Fetched, type Topic, useFetched, useSignal, useTopic } from "./hooks";
export { icon } from "./icon";
export type { Kernel } from "./kernel";
export { type Look, lookAt, type Problem } from "./look";
export type { Memory } from "./memory";
export { type Asked, Panel, type ViewProps } from "./panel";
export { type PanelDescription, pluginOf } from "./pluginof";
export type { Server } from "./server";
export { IServices, type Services } from "./services";
export { Superseded, sentenceOf, Trouble } from "./trouble";
