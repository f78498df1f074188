// What the kernel works on now, as it tells, and how it is stopped.

import type { TranslationBundle } from "@jupyterlab/translation";
import { type ISignal, Signal } from "@lumino/signaling";
import type { Kernel } from "../core/kernel";
import { sentenceOf } from "../core/trouble";

const LINES = 200; // of the log that are kept
const SHOWN_FOR = 4000; // ms, of what has ended otherwise than well
const SOON = 1000; // ms, within which a stop should have stopped
const DEAF = 3000; // ms, after which a kernel that has not answered is interrupted by the server: it answers after a second

export interface Run {
  readonly id: string;
  readonly name: string;
  /** From 0 to 1; null where nobody knows. */
  readonly fraction: number | null;
  readonly message: string;
  /** Since it began. */
  readonly seconds: number;
  /** Until it ends, as far as can be told. */
  readonly left: number | null;
}

interface Line {
  readonly id: string;
  readonly level: string;
  readonly line: string;
}

interface Ended {
  readonly id: string;
  readonly how: "done" | "failed" | "stopped";
  readonly message: string;
}

interface Stopped {
  readonly stopped: readonly string[];
  readonly reason?: string | null;
  /** Whether the kernel can be started anew with what it holds. */
  readonly keeps?: boolean;
}

/** What a kernel has of one that was stopped with what there was. */
export interface Kept {
  readonly sentence: string;
  /** What is not there, and why. */
  readonly left: readonly string[];
}

/** Told by a kernel that was asked to stop and has not, whoever asked. */
interface Waiting {
  readonly message: string;
  readonly lost?: { readonly items: number; readonly memory: number };
  readonly keeps?: boolean;
}

export class Runs {
  readonly changed: ISignal<this, void>;
  private readonly told = new Signal<this, void>(this);
  private readonly running = new Map<string, Run>();
  private readonly log: Line[] = [];
  private stopping: ReturnType<typeof setTimeout> | undefined;
  private said = "";
  private isStuck = false;
  private canKeep = false;
  private isKeeping = false;
  private has: Kept | undefined;
  private began = 0;

  constructor(
    private readonly kernel: Kernel,
    private readonly t: TranslationBundle,
  ) {
    this.changed = this.told;
    kernel.on<Run>("running", "progress", (run) => this.take(run));
    kernel.on<Line>("running", "log", (line) => this.note(line));
    kernel.on<Ended>("running", "ended", (ended) => this.end(ended));
    kernel.on<Waiting>("running", "waiting", ({ message, keeps }) => this.wait(message, keeps));
    kernel.on<Kept>("running", "kept", (kept) => this.tell(kept));
    kernel.changed.connect(() => this.begin());
    kernel.statusChanged.connect((_, status) => this.onStatus(status));
    this.begin();
  }

  /** What runs, the one that began last in front: it is what the others wait for. */
  get now(): readonly Run[] {
    return [...this.running.values()].reverse();
  }

  get busy(): boolean {
    return this.kernel.status === "busy" || this.running.size > 0;
  }

  /** When the cell began that runs, in milliseconds since 1970; 0 where that was not seen. */
  get since(): number {
    return this.began;
  }

  get lines(): readonly Line[] {
    return this.log;
  }

  /** What is to be said: that it is being stopped, why it cannot be, how it ended. */
  get sentence(): string {
    return this.said;
  }

  get isStopping(): boolean {
    return this.stopping !== undefined;
  }

  /** Whether it was asked to stop and has not: only a new start helps at once. */
  get stuck(): boolean {
    return this.isStuck;
  }

  /** Whether that can keep what the kernel holds. */
  get keeps(): boolean {
    return this.isStuck && this.canKeep;
  }

  /** What the kernel has of the one before, until somebody has read it. */
  get kept(): Kept | undefined {
    return this.has;
  }

  /** It has been read. */
  forgetKept(): void {
    this.has = undefined;
    this.told.emit();
    void this.kernel.ask("running", "read").catch(() => {
      // It is gone, and tells nothing.
    });
  }

  /** End what nothing can interrupt: what the kernel holds is written, and the kernel is started anew with it. */
  async keep(): Promise<void> {
    if (this.isKeeping) return;
    this.isKeeping = true;
    this.calm(this.t.__("Keeping what there is, and starting the kernel anew …"));
    try {
      const { ends } = await this.kernel.ask<{ ends: boolean }>("running", "keep");
      if (ends) await this.kernel.restart();
      this.isKeeping = false;
      this.calm("");
    } catch (problem) {
      this.isKeeping = false;
      if (this.busy) this.wait(sentenceOf(problem));
      else this.say(sentenceOf(problem));
    }
  }

  /** Stop all that runs; after a second it is said if that was not enough, and why. */
  async stop(): Promise<void> {
    if (this.isStopping || this.isKeeping) return;
    this.has = undefined;
    this.said = this.t.__("Stopping …");
    const stopping = setTimeout(() => this.wait(waits(this.t)), SOON);
    const isOurs = () => this.stopping === stopping;
    this.stopping = stopping;
    // An interrupt that comes late would hit the next cell.
    const deaf = setTimeout(() => isOurs() && this.busy && void this.interrupt(), DEAF);
    this.told.emit();
    try {
      const { reason, keeps } = await this.kernel.ask<Stopped>("running", "stop");
      if (isOurs()) this.calm("");
      if (reason && this.busy) this.wait(reason, keeps);
      else this.kernel.forgetInput();
    } catch {
      if (isOurs() && this.busy) await this.interrupt();
      if (isOurs()) this.calm("");
    } finally {
      clearTimeout(deaf);
    }
  }

  /** What a kernel without mantidlab understands, or one whose threads are all held by its cell. */
  private async interrupt(): Promise<void> {
    try {
      await this.kernel.interrupt();
    } catch (problem) {
      this.say(sentenceOf(problem));
    }
  }

  private begin(): void {
    this.running.clear();
    this.log.length = 0;
    this.has = undefined;
    if (!this.isKeeping) this.calm("");
    if (this.kernel.status === "none") return;
    // A page that is loaded while something runs.
    void this.kernel.ask<{ runs: readonly Run[] }>("running", "now").then(
      ({ runs }) => {
        for (const run of runs) this.running.set(run.id, run);
        this.told.emit();
      },
      () => {
        // An older mantidlab tells nothing of what runs; the status is enough.
      },
    );
    void this.kernel.ask<{ report: Kept | null }>("running", "kept").then(
      ({ report }) => report && this.tell(report),
      () => {
        // An older mantidlab keeps nothing.
      },
    );
  }

  private tell(kept: Kept): void {
    this.has = kept;
    this.told.emit();
  }

  private take(run: Run): void {
    this.running.set(run.id, run);
    this.told.emit();
  }

  private note(line: Line): void {
    this.log.push(line);
    if (this.log.length > LINES) this.log.splice(0, this.log.length - LINES);
    this.told.emit();
  }

  private end({ id, how, message }: Ended): void {
    const name = this.running.get(id)?.name;
    this.running.delete(id);
    if (how !== "done" && name)
      this.sayForAWhile(how === "stopped" ? this.t.__("%1 was stopped.", name) : `${name}: ${message}`);
    this.told.emit();
  }

  private onStatus(status: string): void {
    if (status === "busy" && this.began === 0) this.began = Date.now();
    if (status !== "busy") {
      this.began = 0;
      this.running.clear();
      if (this.isStopping || this.isStuck) this.calm("");
    }
    this.told.emit();
  }

  private calm(sentence: string): void {
    clearTimeout(this.stopping);
    this.stopping = undefined;
    this.isStuck = false;
    this.say(sentence);
  }

  private wait(sentence: string, keeps = false): void {
    if (this.isKeeping) return;
    this.isStuck = true;
    this.canKeep = keeps;
    this.say(sentence);
  }

  private sayForAWhile(sentence: string): void {
    this.say(sentence);
    setTimeout(() => {
      if (this.said === sentence) this.say("");
    }, SHOWN_FOR);
  }

  private say(sentence: string): void {
    this.said = sentence;
    this.told.emit();
  }
}

function waits(t: TranslationBundle): string {
  return t.__(
    "It has not stopped yet: what runs is in a library that looks for a stop only when it returns to Python. It will " +
      "stop then; restarting the kernel ends it at once, and loses what the kernel holds.",
  );
}
