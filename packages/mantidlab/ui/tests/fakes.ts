// What a page gives a plot, recorded: a widget's model, and JupyterLab's connection to a kernel.
import type { KernelConnection, Overheard } from "../src/core/kernel";
import type { Model } from "../src/core/plot";

type Listener = (...given: unknown[]) => void;

export class PageModel implements Model {
  readonly sent: { request: Record<string, unknown> }[] = [];
  private readonly listeners = new Map<string, Set<Listener>>();

  constructor(
    readonly values: Record<string, unknown> = {},
    readonly widget_manager: unknown = undefined,
  ) {}

  get<Value>(name: string): Value {
    return this.values[name] as Value;
  }

  set(name: string, value: unknown): void {
    this.values[name] = value;
  }

  save_changes(): void {}

  on(event: string, listener: (...given: never[]) => void): void {
    const listeners = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, listeners.add(listener as Listener));
  }

  off(event: string, listener: (...given: never[]) => void): void {
    this.listeners.get(event)?.delete(listener as Listener);
  }

  send(content: unknown): void {
    this.sent.push(content as { request: Record<string, unknown> });
  }

  /** Let Python say something. */
  hear(content: unknown, buffers: DataView[] = []): void {
    for (const listener of this.listeners.get("msg:custom") ?? []) {
      listener(content, buffers);
    }
  }

  /** Let Python answer all that was asked and is not yet answered. */
  answerAll(requests = this.sent.map(({ request }) => request)): void {
    for (const { id } of requests) {
      this.hear({ id, content: {} });
    }
  }
}

interface ControlMessage {
  channel: string;
  header: { msg_type: string; session: string };
  content: { route: string; request: Record<string, unknown> };
}

export class PageKernel implements KernelConnection {
  id = "kernel";
  readonly clientId = "client";
  readonly username = "maria";
  status = "idle";
  readonly sent: ControlMessage[] = [];
  receipt: "known" | "unknown" | "none" = "known";
  disposed = 0;
  private readonly slots = new Set<(sender: unknown, status: string) => void>();
  readonly statusChanged = {
    connect: (slot: (sender: unknown, status: string) => void) => this.slots.add(slot).has(slot),
    disconnect: (slot: (sender: unknown, status: string) => void) => this.slots.delete(slot),
  };
  private readonly listeners = new Set<(sender: unknown, told: Overheard) => void>();
  readonly anyMessage = {
    connect: (slot: (sender: unknown, told: Overheard) => void) => this.listeners.add(slot).has(slot),
    disconnect: (slot: (sender: unknown, told: Overheard) => void) => this.listeners.delete(slot),
  };

  sendControlMessage(message: unknown) {
    this.sent.push(message as ControlMessage);
    const future = {
      onReply: (_: { content: unknown }) => {},
      dispose: () => {
        this.disposed += 1;
      },
    };
    queueMicrotask(() => {
      if (this.receipt !== "none") {
        future.onReply({ content: { receipt: this.receipt } });
      }
    });
    return future;
  }

  become(status: string): void {
    this.status = status;
    for (const slot of [...this.slots]) {
      slot(this, status);
    }
  }

  /** Receive what a widget's Python side says, as the page does before the widget gets it. */
  receive(content: unknown, buffers: ArrayBuffer[] = []): void {
    const msg = { header: { msg_type: "comm_msg" }, content: { data: { method: "custom", content } }, buffers };
    for (const listener of [...this.listeners]) {
      listener(this, { direction: "recv", msg });
    }
  }

  get watchers(): number {
    return this.slots.size + this.listeners.size;
  }
}
