// The toolbar: buttons of 44 px; what does not fit goes into a menu at its end.

import { type Frame, part } from "./frame";
import { type IconName, icon } from "./icons";
import { type MenuItem, openMenu } from "./menu";

export interface Tool {
  readonly id: string;
  readonly label: string;
  readonly icon: IconName;
  /** For the tooltip and the overflow menu; the key itself is bound in `Keyboard`. */
  readonly shortcut?: string;
  /** Tools of higher rank keep their place on narrow pages; 0 is always in the overflow menu. */
  readonly rank: number;
  readonly run?: () => void;
  /** A menu instead of a command. */
  readonly menu?: () => readonly MenuItem[];
  /** A switch: whether it is on. */
  readonly pressed?: () => boolean;
  readonly enabled?: () => boolean;
}

/** Buttons for the tools in `frame.bar`; call `update` when what they show may have changed. */
export class Toolbar {
  private readonly buttons = new Map<string, HTMLButtonElement>();
  private readonly more: HTMLButtonElement;
  private hidden: Tool[] = [];

  constructor(
    private readonly frame: Frame,
    private tools: readonly Tool[],
    signal: AbortSignal,
  ) {
    frame.bar.setAttribute("role", "toolbar");
    frame.bar.setAttribute("aria-label", "Tools of the plot");
    this.more = button("more", "More", undefined);
    this.more.setAttribute("aria-haspopup", "menu");
    this.more.setAttribute("aria-expanded", "false");
    this.more.addEventListener("click", () => openMenu(frame.root, this.more, this.overflow(), "More tools"));
    this.set(tools);
    frame.bar.addEventListener("keydown", (event) => this.rove(event));
    const observer = new ResizeObserver(() => this.fit());
    observer.observe(frame.bar);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  /** Other tools. */
  set(tools: readonly Tool[]): void {
    this.tools = tools;
    this.buttons.clear();
    this.frame.bar.replaceChildren();
    for (const tool of tools) {
      const made = this.make(tool);
      this.buttons.set(tool.id, made);
      this.frame.bar.append(made);
    }
    this.frame.bar.append(this.more);
    this.fit();
    this.update();
  }

  /** The button of a tool, for a menu or panel to stand at; the overflow button when it is in there. */
  button(id: string): HTMLButtonElement {
    const found = this.buttons.get(id);
    return found !== undefined && !found.hidden ? found : this.more;
  }

  update(): void {
    for (const tool of this.tools) {
      const shown = this.buttons.get(tool.id);
      if (shown === undefined) continue;
      shown.disabled = tool.enabled?.() === false;
      if (tool.pressed !== undefined) shown.setAttribute("aria-pressed", String(tool.pressed()));
    }
    this.keepOneTabStop();
  }

  private make(tool: Tool): HTMLButtonElement {
    const made = button(tool.icon, tool.label, tool.shortcut);
    made.dataset.tool = tool.id;
    if (tool.menu !== undefined) {
      made.setAttribute("aria-haspopup", "menu");
      made.setAttribute("aria-expanded", "false");
    }
    made.addEventListener("click", () => this.use(tool));
    return made;
  }

  private use(tool: Tool): void {
    if (tool.menu !== undefined) openMenu(this.frame.root, this.button(tool.id), tool.menu(), tool.label);
    else tool.run?.();
    this.update();
  }

  private overflow(): MenuItem[] {
    return this.hidden.map((tool) => ({
      label: tool.label,
      icon: tool.icon,
      ...(tool.shortcut === undefined ? {} : { shortcut: tool.shortcut }),
      ...(tool.pressed === undefined ? {} : { checked: tool.pressed() }),
      disabled: tool.enabled?.() === false,
      run: () => this.use(tool),
    }));
  }

  private fit(): void {
    const places = Math.max(1, Math.floor(this.frame.bar.clientWidth / 44));
    const wanting = this.tools.filter((tool) => tool.rank > 0);
    const all = wanting.length === this.tools.length && this.tools.length <= places;
    const shown = new Set([...wanting].sort((a, b) => b.rank - a.rank).slice(0, all ? places : places - 1));
    this.hidden = this.tools.filter((tool) => !shown.has(tool));
    for (const tool of this.tools) {
      const element = this.buttons.get(tool.id);
      if (element !== undefined) element.hidden = !shown.has(tool);
    }
    this.more.hidden = this.hidden.length === 0;
    for (const element of [...this.buttons.values(), this.more]) element.style.display = element.hidden ? "none" : "";
    this.keepOneTabStop();
  }

  private visible(): HTMLButtonElement[] {
    return [...this.buttons.values(), this.more].filter((b) => !b.hidden && !b.disabled);
  }

  private keepOneTabStop(): void {
    const all = this.visible();
    const present = all.find((b) => b.tabIndex === 0) ?? all[0];
    for (const b of [...this.buttons.values(), this.more]) b.tabIndex = b === present ? 0 : -1;
  }

  private rove(event: KeyboardEvent): void {
    const all = this.visible();
    const at = all.indexOf(event.target as HTMLButtonElement);
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (at < 0 || step === 0) return;
    const next = all[(at + step + all.length) % all.length];
    for (const b of all) b.tabIndex = b === next ? 0 : -1;
    next?.focus();
    event.preventDefault();
    event.stopPropagation();
  }
}

function button(name: IconName, label: string, shortcut: string | undefined): HTMLButtonElement {
  const made = part("button", "mlp-tool");
  made.type = "button";
  made.setAttribute("aria-label", label);
  made.title = shortcut === undefined ? label : `${label} (${shortcut})`;
  made.append(icon(name));
  return made;
}
