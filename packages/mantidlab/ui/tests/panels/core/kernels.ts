// A kernel that answers as `mantidlab.kernel` does, for tests of what asks it.

import type { Overheard } from "../../../src/core/kernel";
import type { Connection } from "../../../src/panels/core/conversation";

type Slot = (sender: unknown, told: Overheard) => void;
type Request = { id: string; room: string; kind: string; params: unknown };

/** What a kernel does with a request: its receipt at once, and pushes. */
type Receipt = "known" | "unknown" | undefined;
export type Behaviour = (request: Request, kernel: TriedKernel) => Receipt | Promise<Receipt>;

export class TriedKernel {
  readonly ran: string[] = [];
  /** Whether it runs a cell that does not end. */
  isBusy = false;
  private readonly slots = new Set<Slot>();

  constructor(private readonly behaviour: Behaviour) {}

  push(content: unknown): void {
    const msg = { header: { msg_type: "mantidlab_push" }, content };
    for (const slot of this.slots) slot(this, { direction: "recv", msg });
  }

  get listeners(): number {
    return this.slots.size;
  }

  get connection(): Connection {
    const future = { onReply: (_: { content: unknown }) => {}, dispose: () => {} };
    return {
      id: "kernel",
      clientId: "page",
      username: "ada",
      status: "idle",
      statusChanged: { connect: () => true, disconnect: () => true },
      anyMessage: {
        connect: (slot: Slot) => Boolean(this.slots.add(slot)),
        disconnect: (slot: Slot) => this.slots.delete(slot),
      },
      sendControlMessage: (message) => {
        const mine = { ...future };
        queueMicrotask(async () => {
          const receipt = await this.behaviour((message as { content: Request }).content, this);
          if (receipt) mine.onReply({ content: { status: "ok", receipt } });
        });
        return mine;
      },
      requestExecute: ({ code }) => {
        this.ran.push(code);
        return { done: this.isBusy ? new Promise(() => {}) : Promise.resolve() };
      },
    };
  }
}
