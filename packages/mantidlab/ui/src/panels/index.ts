// The plugins of JupyterLab that this bundle holds. One that fails to start leaves the others.

import { plugin as core } from "./core/plugin";
import { plugin as documentation } from "./documentation";
import { plugin as editor } from "./editor";
import { plugin as forms } from "./forms";
import { plugin as interfaces } from "./interfaces";
import { plugin as interfacePage } from "./interfaces/page";
import { plugin as running } from "./running";
import { plugin as workspaces } from "./workspaces";

export const plugins = [core, running, documentation, workspaces, forms, interfaces, interfacePage, editor];
