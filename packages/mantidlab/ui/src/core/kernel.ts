// The way to a kernel's control channel, where the page has one: what is sent there is read while a cell runs.

/** The part of JupyterLab's connection to a kernel that is used here. */
export interface KernelConnection {
  readonly id: string;
  readonly clientId: string;
  readonly username: string;
  /** "idle", "busy", "restarting", "dead" … */
  readonly status: string;
  sendControlMessage(message: unknown, expectReply: boolean, disposeOnDone: boolean): KernelFuture;
  readonly statusChanged: Signal<string>;
  /** All that is sent and received, before anybody has handled it. */
  readonly anyMessage: Signal<Overheard>;
}

interface Signal<Told> {
  connect(slot: (sender: unknown, told: Told) => void): boolean;
  disconnect(slot: (sender: unknown, told: Told) => void): boolean;
}

/** A message on its way between page and kernel. */
export interface Overheard {
  direction: "send" | "recv";
  msg: {
    header: { msg_type: string };
    content: unknown;
    buffers?: (ArrayBuffer | ArrayBufferView)[];
  };
}

/** What a widget's Python side says in a message, with its buffers; nothing if it is a message of another kind. */
export function customMessage({ direction, msg }: Overheard): { content: unknown; buffers: DataView[] } | undefined {
  if (direction !== "recv" || msg.header.msg_type !== "comm_msg") {
    return undefined;
  }
  const { data } = msg.content as { data: { method?: string; content?: unknown } };
  const buffers = (msg.buffers ?? []).map((part) =>
    part instanceof ArrayBuffer ? new DataView(part) : new DataView(part.buffer, part.byteOffset, part.byteLength),
  );
  return data.method === "custom" ? { content: data.content, buffers } : undefined;
}

interface KernelFuture {
  onReply: (message: { content: unknown }) => void;
  dispose(): void;
}

/** What Python answers at once: does it know the plot that the message was for? */
export type Receipt = "known" | "unknown";

/** The kernel that a manager of widgets talks to; nothing where there is none, or it is not JupyterLab's. */
export function kernelOf(manager: unknown): KernelConnection | undefined {
  const kernel = (manager as { kernel?: Partial<KernelConnection> | null } | undefined)?.kernel;
  return typeof kernel?.sendControlMessage === "function" ? (kernel as KernelConnection) : undefined;
}

/** Send one message on the control channel; `received` is called with the kernel's receipt. */
export function sendControl(
  kernel: KernelConnection,
  type: string,
  content: unknown,
  received: (receipt: Receipt) => void,
): void {
  const message = {
    channel: "control",
    header: {
      date: new Date().toISOString(),
      msg_id: crypto.randomUUID(),
      msg_type: type,
      session: kernel.clientId,
      username: kernel.username,
      version: "5.3",
    },
    parent_header: {},
    metadata: {},
    content,
    buffers: [],
  };
  const future = kernel.sendControlMessage(message, true, false);
  future.onReply = ({ content: reply }) => {
    // The kernel says neither "busy" nor "idle" for these messages, so nothing else ends the wait for them.
    future.dispose();
    received((reply as { receipt: Receipt }).receipt);
  };
}
