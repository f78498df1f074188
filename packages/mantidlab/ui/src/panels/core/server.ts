// Asks this session's server, which answers also while a kernel computes, and after it has died.

import { URLExt } from "@jupyterlab/coreutils";
import { ServerConnection } from "@jupyterlab/services";
import { Trouble } from "./trouble";

const BELOW = "mantidlab";
const NO_SERVER = "The server of this session cannot be reached. Wait until it is back, and try again.";

/** The handlers of mantidlab below `BASE/mantidlab/`. Each promise rejects with a `Trouble`. */
export interface Server {
  /** Ask for something, such as `docs/search`; parameters that are undefined are left out. `signal` gives it up. */
  get<T>(
    path: string,
    parameters?: Readonly<Record<string, string | undefined>>,
    options?: { signal?: AbortSignal },
  ): Promise<T>;
  /** Send something, as JSON. `signal` gives it up. */
  post<T>(path: string, body: unknown, options?: { signal?: AbortSignal }): Promise<T>;
  /** The address of something that an element loads by itself, such as a picture. */
  address(path: string): string;
}

/** A request as `ServerConnection.makeRequest` sends it. */
export type Send = (address: string, request: RequestInit) => Promise<Response>;

/** Return the server behind JupyterLab's settings of it. */
export function makeServer(settings: ServerConnection.ISettings): Server {
  return new JupyterServer(settings.baseUrl, (address, request) =>
    ServerConnection.makeRequest(address, request, settings),
  );
}

export class JupyterServer implements Server {
  constructor(
    private readonly base: string,
    private readonly send: Send,
  ) {}

  address(path: string): string {
    return URLExt.join(this.base, BELOW, path);
  }

  async get<T>(
    path: string,
    parameters: Readonly<Record<string, string | undefined>> = {},
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<T> {
    const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const query = given.length > 0 ? `?${new URLSearchParams(given)}` : "";
    return this.request<T>(this.address(path) + query, { method: "GET", ...(signal ? { signal } : {}) });
  }

  async post<T>(path: string, body: unknown, { signal }: { signal?: AbortSignal } = {}): Promise<T> {
    const request = { method: "POST", body: JSON.stringify(body), ...(signal ? { signal } : {}) };
    return this.request<T>(this.address(path), request);
  }

  private async request<T>(address: string, request: RequestInit): Promise<T> {
    let response: Response;
    try {
      response = await this.send(address, request);
    } catch {
      throw new Trouble(NO_SERVER);
    }
    const answer = await response.json().catch(() => undefined);
    if (!response.ok) {
      const message = messageIn(answer) ?? `The server answered ${response.status} to a question of this page.`;
      throw new Trouble(message, answer);
    }
    return answer as T;
  }
}

function messageIn(answer: unknown): string | undefined {
  const message = (answer as { message?: unknown } | null | undefined)?.message;
  return typeof message === "string" && message !== "" ? message : undefined;
}
