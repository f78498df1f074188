// Requests to one kernel and what it says by itself, both beside the cell that it runs.

import { type KernelConnection, type Overheard, type Receipt, sendControl } from "../../core/kernel";
import { Superseded, Trouble } from "./trouble";

const REQUEST = "mantidlab_request";
const PUSH = "mantidlab_push";
const RECEIPT_WITHIN = 1000; // ms; the control channel is read by a thread of its own
const PATIENCE = 5000; // ms, with a kernel that has just loaded what answers
const START = "import mantidlab.kernel as _; _.start(); del _";

/** A kernel as JupyterLab connects to it. */
export interface Connection extends KernelConnection {
  requestExecute(content: { code: string; silent: boolean; store_history: boolean }): { done: Promise<unknown> };
}

type Listener = (content: unknown) => void;

/** What a kernel is asked. */
export interface Question {
  room: string;
  kind: string;
  params: object;
  /** Of those with the same key that the kernel has not begun, it answers the newest; the others are superseded. */
  latest?: string;
}

interface Waiting {
  answer(content: unknown): void;
  refuse(problem: Trouble): void;
}

/** What a `mantidlab_push` carries: the answer to a request, or news of a room. */
interface Push {
  answer_to?: string;
  error?: string;
  superseded?: boolean;
  room?: string;
  kind?: string;
  content?: unknown;
}

/** The talk with one kernel, from when it becomes the current one until another does, or until it dies. */
export class Conversation {
  private readonly waiting = new Map<string, Waiting>();
  private starting: Promise<void> | undefined;

  constructor(
    readonly kernel: Connection,
    private readonly hear: (room: string, kind: string, content: unknown) => void,
  ) {
    kernel.anyMessage.connect(this.onMessage);
  }

  /** Ask, and wait for the answer; rejects with a `Trouble`. */
  async ask(question: Question, timeout: number): Promise<unknown> {
    const id = crypto.randomUUID();
    const answer = new Promise<unknown>((resolve, reject) => {
      this.waiting.set(id, { answer: resolve, refuse: reject });
    });
    const timer = setTimeout(() => this.refuse(id, noAnswer(timeout)), timeout);
    void this.deliver({ id, ...question }).catch((problem) => this.refuse(id, problem));
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      this.waiting.delete(id);
    }
  }

  /** Listen no longer, and refuse what has no answer yet. */
  end(reason: string): void {
    this.kernel.anyMessage.disconnect(this.onMessage);
    for (const id of [...this.waiting.keys()]) this.refuse(id, new Trouble(reason));
  }

  private refuse(id: string, problem: Trouble): void {
    this.waiting.get(id)?.refuse(problem);
  }

  private async deliver(request: Question & { id: string }): Promise<void> {
    const first = this.send(request);
    let receipt = await within(first, RECEIPT_WITHIN);
    if (receipt === undefined) {
      // A kernel that was not started with mantidlab's extension takes no notice of the request; one that computes in a
      // way that lets no other thread work is late.
      await Promise.race([first, this.start()]);
      receipt = (await within(first, 0)) ?? (await within(Promise.race([first, this.send(request)]), PATIENCE));
    }
    if (receipt === undefined) {
      throw new Trouble("The kernel does not answer panels: it has no mantidlab, or an old one.");
    }
    if (receipt === "unknown") {
      throw new Trouble(`The kernel's mantidlab knows no request ${request.room}/${request.kind}.`);
    }
  }

  private send(request: object): Promise<Receipt> {
    return new Promise((resolve) => sendControl(this.kernel, REQUEST, request, resolve));
  }

  /** Let the kernel load what answers panels; waits for the cell that it runs. */
  private start(): Promise<void> {
    const content = { code: START, silent: true, store_history: false };
    this.starting ??= this.kernel.requestExecute(content).done.then(
      () => undefined,
      () => undefined,
    );
    return this.starting;
  }

  private readonly onMessage = (_: unknown, { direction, msg }: Overheard): void => {
    if (direction !== "recv" || msg.header.msg_type !== PUSH) return;
    const { answer_to, error, superseded, room, kind, content } = msg.content as Push;
    if (answer_to === undefined) {
      if (room !== undefined && kind !== undefined) this.hear(room, kind, content);
    } else if (error !== undefined) {
      this.refuse(answer_to, new Trouble(error));
    } else if (superseded) {
      this.refuse(answer_to, new Superseded("A newer question took the place of this one."));
    } else {
      this.waiting.get(answer_to)?.answer(content);
    }
  };
}

/** Those who want to know what kernels say, by room and kind. */
export class Listeners {
  private readonly all = new Map<string, Set<Listener>>();

  add(room: string, kind: string, listener: Listener): () => void {
    const key = `${room}/${kind}`;
    const those = this.all.get(key) ?? new Set();
    this.all.set(key, those.add(listener));
    return () => those.delete(listener);
  }

  readonly tell = (room: string, kind: string, content: unknown): void => {
    for (const listener of this.all.get(`${room}/${kind}`) ?? []) listener(content);
  };
}

/** What comes within some time; undefined if nothing did. */
function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function noAnswer(timeout: number): Trouble {
  return new Trouble(
    `The kernel has not answered for ${Math.round(timeout / 1000)} s. Try again when its cell has ended.`,
  );
}
