// Which widget fills in which field.
import * as React from "react";
import { t } from "../texts";
import { Choice } from "./Choice";
import { Choices } from "./Choices";
import { Dictionary } from "./Dictionary";
import { Files } from "./Files";
import { Python } from "./Python";
import type { WidgetProperties } from "./properties";
import { Quantity } from "./Quantity";
import { Switch } from "./Switch";
import { Typed } from "./Typed";
import { Workspace } from "./Workspace";

export function Widget(properties: WidgetProperties): React.JSX.Element {
  switch (properties.field.widget) {
    case "text":
      return <Typed {...properties} />;
    case "number":
      return <Typed {...properties} keyboard="text" />;
    case "integer":
      return <Typed {...properties} keyboard="text" />;
    case "list":
      return <Typed {...properties} hint={listHint(properties)} />;
    case "range":
      return <Typed {...properties} hint={t.__("from, to – or from, step, to")} />;
    case "function":
      return <Typed {...properties} long code hint="name=Gaussian,Height=1" />;
    case "switch":
      return <Switch {...properties} />;
    case "choice":
      return <Choice {...properties} />;
    case "choices":
      return <Choices {...properties} />;
    case "workspace":
      return <Workspace {...properties} />;
    case "file":
    case "files":
    case "save-file":
    case "folder":
      return <Files {...properties} />;
    case "dictionary":
      return <Dictionary {...properties} />;
    case "quantity":
      return <Quantity {...properties} />;
    case "expression":
      return <Python {...properties} />;
  }
}

function listHint({ field }: WidgetProperties): string {
  return field.item === "integer"
    ? t.__("1, 2, 5-8")
    : field.item === "number"
      ? t.__("0.5, 1, 2")
      : t.__("with commas between");
}
