// The kernel of the notebook or console that was used last, as panels talk to it.

import type { ISessionContext } from "@jupyterlab/apputils";
import type { Kernel as JupyterKernel } from "@jupyterlab/services";
import type { IDisposable } from "@lumino/disposable";
import { DisposableDelegate } from "@lumino/disposable";
import { type ISignal, Signal } from "@lumino/signaling";
import { type Connection, Conversation, Listeners } from "./conversation";
import { GONE } from "./gone";
import type { Place } from "./place";
import { Trouble } from "./trouble";

const PATIENCE = 30_000; // ms

/** The current kernel. */
export interface Kernel {
  /**
   * Ask the kernel, also while it runs a cell; rejects with a `Trouble`, also when there is no kernel.
   *
   * Of questions with the same `latest` that the kernel has not begun, it answers the newest; the others reject with
   * `Superseded`. The `timeout` is in milliseconds.
   */
  ask<T>(room: string, kind: string, params?: object, options?: { timeout?: number; latest?: string }): Promise<T>;
  /** Hear what the current kernel says by itself. */
  on<T>(room: string, kind: string, listener: (content: T) => void): IDisposable;
  /** Interrupt it as JupyterLab does; resolves when the server has passed it on. */
  interrupt(): Promise<void>;
  /** What it asked a person for is not wanted any more: JupyterLab runs no cell while it waits for an answer. */
  forgetInput(): void;
  /** Start it anew as JupyterLab does, without a question; resolves when the new one answers. */
  restart(): Promise<void>;
  /** Another kernel is the current one, or it was started anew, or it died. */
  readonly changed: ISignal<Kernel, void>;
  /** What requests to the server call its environment: the name of its kernel specification; undefined without a kernel. */
  readonly environment: string | undefined;
  /** "idle", "busy", "starting" …; "none" where there is no kernel. */
  readonly status: string;
  /** Its status is another one. */
  readonly statusChanged: ISignal<Kernel, string>;
}

/** Follows the place that is worked in, and the kernels that it has one after the other. */
export class CurrentKernel implements Kernel {
  readonly changed = new Signal<this, void>(this);
  readonly statusChanged = new Signal<this, string>(this);
  private readonly listeners = new Listeners();
  private conversation: Conversation | undefined;
  private session: ISessionContext | undefined;

  constructor(place: Place) {
    place.changed.connect(() => this.follow(place.session));
    this.follow(place.session);
  }

  get environment(): string | undefined {
    return this.session?.session?.kernel?.name;
  }

  get status(): string {
    return this.conversation?.kernel.status ?? "none";
  }

  async ask<T>(
    room: string,
    kind: string,
    params: object = {},
    { timeout = PATIENCE, latest }: { timeout?: number; latest?: string } = {},
  ): Promise<T> {
    if (this.conversation === undefined) {
      throw new Trouble("There is no kernel. Open a notebook, or choose a kernel for the one that is open.");
    }
    return (await this.conversation.ask({ room, kind, params, latest }, timeout)) as T;
  }

  async interrupt(): Promise<void> {
    await this.session?.session?.kernel?.interrupt();
  }

  forgetInput(): void {
    const kernel = this.session?.session?.kernel;
    if (kernel) kernel.hasPendingInput = false;
  }

  async restart(): Promise<void> {
    await this.session?.restartKernel();
  }

  on<T>(room: string, kind: string, listener: (content: T) => void): IDisposable {
    return new DisposableDelegate(this.listeners.add(room, kind, listener as (content: unknown) => void));
  }

  private follow(session: ISessionContext | undefined): void {
    if (session === this.session) return;
    this.session?.kernelChanged.disconnect(this.onKernel);
    this.session?.statusChanged.disconnect(this.onStatus);
    this.session = session?.isDisposed ? undefined : session;
    this.session?.kernelChanged.connect(this.onKernel);
    this.session?.statusChanged.connect(this.onStatus);
    this.talk();
  }

  private readonly onKernel = (): void => this.talk();

  private readonly onStatus = (_: ISessionContext, status: JupyterKernel.Status): void => {
    if (GONE.includes(status)) {
      this.conversation?.end("The kernel was started anew or has died before it answered.");
      this.conversation = undefined;
      this.changed.emit();
    } else if (this.conversation === undefined && this.session?.session?.kernel) {
      this.talk();
    }
    this.statusChanged.emit(status);
  };

  private talk(): void {
    this.conversation?.end("Another kernel is the current one now.");
    const kernel = this.session?.session?.kernel;
    // JupyterLab's types of messages know only those of the protocol.
    const connection = kernel as unknown as Connection | null | undefined;
    this.conversation = connection ? new Conversation(connection, this.listeners.tell) : undefined;
    this.changed.emit();
  }
}
