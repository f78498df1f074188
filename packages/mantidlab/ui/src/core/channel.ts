/*
 * Requests from a plot's drawing to its Python side, and what Python pushes.
 *
 * They go over the kernel's control channel where the page has it, so that a running cell does not hold them up; else as
 * messages of the widget, which the kernel reads between two cells. Answers always come as messages of the widget.
 */
import { customMessage, type KernelConnection, kernelOf, type Overheard, sendControl } from "./kernel";
import type { Model } from "./plot";

/** "busy-kernel": the answer comes when the running cell has ended. "no-kernel": none will come. */
export type ChannelState = "idle" | "waiting" | "busy-kernel" | "no-kernel";

/** What Python answered, or pushed. */
export interface Answer {
  content: Record<string, unknown>;
  buffers: DataView[];
}

export interface RequestOptions {
  /** Of the requests with the same key that still wait, Python answers only the newest. */
  latest?: string;
}

/*
 * The channel is made by the loader's bundle and its errors are caught in a plot's, which has these classes a second time:
 * so `instanceof` looks for a sign that all bundles share.
 */
const CHANNEL_ERROR = Symbol.for("mantidlab.plots.ChannelError");
const SUPERSEDED = Symbol.for("mantidlab.plots.Superseded");

function signed(thing: unknown, sign: symbol): boolean {
  return typeof thing === "object" && thing !== null && sign in thing;
}

/** The request could not be answered; the message is a sentence for people. */
export class ChannelError extends Error {
  readonly [CHANNEL_ERROR] = true;

  static override [Symbol.hasInstance](thing: unknown): boolean {
    return signed(thing, CHANNEL_ERROR);
  }
}

/** A newer request with the same key has taken this one's place. */
export class Superseded extends Error {
  readonly [SUPERSEDED] = true;

  static override [Symbol.hasInstance](thing: unknown): boolean {
    return signed(thing, SUPERSEDED);
  }
}

export interface Channel {
  readonly state: ChannelState;
  /**
   * Ask Python.
   *
   * Rejects with a ChannelError whose message people can read, or with Superseded.
   */
  request(kind: string, parameters?: Record<string, unknown>, options?: RequestOptions): Promise<Answer>;
  /** Call a listener for each push of one kind; the function returned ends that. */
  on(kind: string, listener: (pushed: Answer) => void): () => void;
  /** Call a listener when the state has changed; the function returned ends that. */
  onState(listener: (state: ChannelState) => void): () => void;
}

/** Milliseconds that an answer may take before a busy kernel is said to be the reason. */
export const PATIENCE = 500;
/** Milliseconds without any sign of life after which a kernel that is not busy is said to be gone, until it gives one. */
export const GIVEN_UP = 10_000;
/** Milliseconds after which a request is no longer waited for, of a kernel that gives no sign of life. */
export const FORGOTTEN = 60_000;

/** Milliseconds that the widget may take to pass on an answer that the page has received. */
export const PASSING_ON = 300;

const GONE = "The kernel that drew this plot is gone. Run its cell again to have the plot back.";
const ENDINGS = new Set(["restarting", "autorestarting", "terminating", "dead"]);

interface Pending {
  resolve(answer: Answer): void;
  reject(problem: Error): void;
  since: number;
  /** The kernel has said that it has the request. */
  received: boolean;
}

interface Message {
  id?: string;
  push?: string;
  content?: Record<string, unknown>;
  error?: string;
  superseded?: boolean;
}

/** The channel of one drawing. */
export class WidgetChannel implements Channel {
  private readonly name = crypto.randomUUID();
  private readonly pending = new Map<string, Pending>();
  private readonly pushed = new Map<string, Set<(pushed: Answer) => void>>();
  private readonly watchers = new Set<(state: ChannelState) => void>();
  private count = 0;
  private gone = false;
  /** Nothing was heard for long. The kernel may be gone, or the page or the machine have too much to do. */
  private silent = false;
  private told: ChannelState = "idle";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private watched: KernelConnection | undefined;

  constructor(
    private readonly model: Model,
    signal: AbortSignal,
  ) {
    model.on("msg:custom", this.receive);
    signal.addEventListener("abort", this.close, { once: true });
    this.greet();
  }

  get state(): ChannelState {
    if (this.gone || this.silent) {
      return "no-kernel";
    }
    const waiting = [...this.pending.values()];
    if (waiting.length === 0) {
      return "idle";
    }
    const late = waiting.some(({ since, received }) => !received && performance.now() - since >= PATIENCE);
    return late && this.kernelIsBusy() ? "busy-kernel" : "waiting";
  }

  request(kind: string, parameters: Record<string, unknown> = {}, options: RequestOptions = {}): Promise<Answer> {
    if (this.gone) {
      return Promise.reject(new ChannelError(GONE));
    }
    this.count += 1;
    const id = `${this.name}.${this.count}`;
    const latest = options.latest === undefined ? null : `${this.name}.${options.latest}`;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject, since: performance.now(), received: false });
      this.send({ id, kind, latest, params: parameters });
      this.look();
    });
  }

  on(kind: string, listener: (pushed: Answer) => void): () => void {
    const listeners = this.pushed.get(kind) ?? new Set();
    this.pushed.set(kind, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  onState(listener: (state: ChannelState) => void): () => void {
    this.watchers.add(listener);
    return () => this.watchers.delete(listener);
  }

  // A drawing that is opened again from a file, or whose kernel was restarted, learns at once whether it has a kernel.
  private greet(): void {
    if ((this.model.widget_manager as { kernel?: unknown } | undefined)?.kernel === null) {
      this.end();
    } else {
      this.request("hello").catch(() => {});
    }
  }

  private send(message: Record<string, unknown>): void {
    const kernel = kernelOf(this.model.widget_manager);
    if (this.isAnother(kernel)) {
      this.end();
      return;
    }
    this.watch(kernel);
    const type = this.controlType();
    if (kernel === undefined || type === "") {
      this.model.send({ request: message });
      return;
    }
    const content = { route: this.model.get<string>("route"), request: message };
    sendControl(kernel, type, content, (receipt) => {
      this.silent = false;
      if (receipt === "unknown") {
        this.end();
      }
      const waiting = this.pending.get(message.id as string);
      if (waiting) {
        waiting.received = true;
      }
      this.look();
    });
  }

  private controlType(): string {
    return this.model.get<string | undefined>("control") ?? "";
  }

  private kernelIsBusy(): boolean {
    // Of a kernel whose status nobody tells, being busy is the likeliest reason for being late.
    return (kernelOf(this.model.widget_manager)?.status ?? "busy") === "busy";
  }

  // A notebook may be given another kernel, which knows nothing of the plots of the first.
  private isAnother(kernel: KernelConnection | undefined): boolean {
    return this.watched !== undefined && this.watched.id !== kernel?.id;
  }

  private watch(kernel: KernelConnection | undefined): void {
    if (this.watched !== kernel) {
      this.watched?.statusChanged.disconnect(this.statusChanged);
      this.watched?.anyMessage?.disconnect(this.overhear);
      kernel?.statusChanged.connect(this.statusChanged);
      kernel?.anyMessage?.connect(this.overhear);
      this.watched = kernel;
    }
  }

  private readonly statusChanged = (_: unknown, status: string): void => {
    if (ENDINGS.has(status)) {
      this.end();
    }
    this.look();
  };

  private readonly receive = (message: Message, buffers: DataView[] = []): void => {
    this.silent = false;
    const answer = { content: message.content ?? {}, buffers };
    if (message.push !== undefined) {
      for (const listener of this.pushed.get(message.push) ?? []) {
        listener(answer);
      }
      return;
    }
    const waiting = message.id === undefined ? undefined : this.pending.get(message.id);
    if (waiting === undefined) {
      return; // another drawing of the same plot asked
    }
    this.pending.delete(message.id as string);
    if (message.error !== undefined) {
      waiting.reject(new ChannelError(message.error));
    } else if (message.superseded) {
      waiting.reject(new Superseded("A newer request has taken this one's place."));
    } else {
      waiting.resolve(answer);
    }
    this.look();
  };

  // A widget whose module took anywidget more than two seconds to load, on a busy machine, draws and hears nothing ever:
  // its answers are taken from the kernel's connection.
  private readonly overhear = (_: unknown, overheard: Overheard): void => {
    const custom = customMessage(overheard);
    const message = custom?.content as Message | undefined;
    if (custom && message?.id !== undefined && this.pending.has(message.id)) {
      setTimeout(() => this.receive(message, custom.buffers), PASSING_ON);
    }
  };

  // The kernel is gone, and with it all that Python knew of this plot.
  private end(): void {
    this.gone = true;
    this.giveUp(new ChannelError(GONE));
    this.look();
  }

  private giveUp(problem: Error): void {
    const waiting = [...this.pending.values()];
    this.pending.clear();
    for (const { reject } of waiting) {
      reject(problem);
    }
  }

  private forgetOld(): void {
    for (const [id, { since, received, reject }] of this.pending) {
      if (!received && performance.now() - since >= FORGOTTEN) {
        this.pending.delete(id);
        reject(new ChannelError(GONE));
      }
    }
  }

  // Tell the state to whoever watches, and look again when time alone may have changed it.
  private look(): void {
    clearTimeout(this.timer);
    const oldest = Math.min(
      ...[...this.pending.values()].filter(({ received }) => !received).map(({ since }) => since),
    );
    if (Number.isFinite(oldest)) {
      const age = performance.now() - oldest;
      if (age >= GIVEN_UP && !this.kernelIsBusy()) {
        this.silent = true;
        this.forgetOld();
      }
      this.timer = setTimeout(() => this.look(), age < PATIENCE ? PATIENCE - age : PATIENCE);
    }
    const state = this.state;
    if (state !== this.told) {
      this.told = state;
      for (const watcher of [...this.watchers]) {
        watcher(state);
      }
    }
  }

  private readonly close = (): void => {
    clearTimeout(this.timer);
    this.model.off("msg:custom", this.receive);
    this.watch(undefined);
    // Nobody wants the answers any more, and nobody has to be told.
    this.giveUp(new Superseded("The plot was taken off the page."));
  };
}
