import { AppError } from "@vpclab/shared/errors/app-error";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { ActivityEntry } from "@vpclab/shared/wire/activity";
import type { TopologySnapshot, TopologySummary } from "@vpclab/shared/wire/api";
import type { HostInfo } from "@vpclab/shared/wire/live";
import type { ChangeOptions, ChangeResult, Edit, Lab, LabSnapshot, LabTopology, OnProgress, Place } from "../lab/lab";
import { readActivity, type KnownCommands } from "./read-activity";
import { saveEdit, type SavedEdit } from "./save-edit";
import { openServerApi, type ServerApi } from "./server-api";
import { mustAnswer, originOf } from "./server-address";
import { readSession } from "./sessions-file";
import { signInBySocket } from "./sign-in";
import type { TopologyFeed } from "./topology-feed";
import { untilDone } from "./until-done";

export interface ServerLabOptions {
  readonly url: string;
  /** The server's own socket on this machine, where it is known: no sign-in is needed there. */
  readonly controlSocket?: string;
  /** Where sign-ins are kept. */
  readonly configDir: string;
}

/** The first event comes at once; a counter each second. */
const FIRST_EVENT_MS = 20_000;
const COUNTERS_MS = 60_000;
const SANDBOX_HOST = "vpclab.host";

/** Signs in by itself where it may, and answers when the server has let it in. Throws AppError. */
export async function openServerLab({ url, controlSocket, configDir }: ServerLabOptions): Promise<Lab> {
  const origin = originOf(url);
  const saved = await readSession(configDir, origin);
  if (saved) {
    const lab = await openWith(origin, saved.cookie, controlSocket !== undefined).catch((error: unknown) => {
      if (controlSocket !== undefined && error instanceof AppError && error.code === "UNAUTHENTICATED") return null;
      throw error;
    });
    if (lab) return lab;
  }
  await mustAnswer(origin);
  if (controlSocket === undefined) {
    throw new AppError("UNAUTHENTICATED", `You are not signed in at ${origin}. Run \`npm run signin\` where it runs and give the link to: vpcctl signin LINK`);
  }
  const { cookie } = await signInBySocket(configDir, origin, controlSocket);
  return openWith(origin, cookie, true);
}

async function openWith(origin: string, cookie: string, sameMachine: boolean): Promise<Lab> {
  const api = openServerApi(origin, cookie);
  try {
    return new ServerLab(api, placeOf(origin, await api.query("host.list"), sameMachine));
  } catch (error) {
    await api.close();
    throw error;
  }
}

function placeOf(origin: string, [host]: readonly HostInfo[], sameMachine: boolean): Place {
  const mode = host?.mode ?? null;
  return {
    kind: "server", label: origin, mode, publicPool: host?.publicPool ?? false,
    // A rootless agent's namespaces lie in a user namespace of its own, where nobody else gets in.
    sameMachine: sameMachine && host !== undefined && mode !== "rootless",
    hostNetns: sameMachine && mode === "sandbox" ? SANDBOX_HOST : null, uplink: null,
  };
}

/** The server's topologies: what is edited is saved there, and applied by the host that it chooses. */
export class ServerLab implements Lab {
  readonly #commands: KnownCommands = new Map();

  constructor(private readonly api: ServerApi, readonly place: Place) {}

  async list(): Promise<readonly LabTopology[]> {
    const all = await this.api.query("topology.list");
    return all.map(({ id, name, revision, vpcs, subnets, instances, deployment }) => ({ id, name, revision, state: deployment.state, vpcs, subnets, instances }));
  }

  async read(name: string): Promise<LabSnapshot> {
    const { id } = await this.#named(name);
    return this.#following(id, async (feed) => {
      const { deployment } = await firstSnapshot(feed);
      const { revision, document } = await this.api.query("topology.get", { id });
      return { id, name, revision, document, deployment };
    });
  }

  async change(name: string, edit: Edit, { create, onProgress, signal, confirmSeconds }: ChangeOptions): Promise<ChangeResult> {
    const found = await this.#find(name);
    if (!found && !create) throw noTopology(name);
    if (!found) await this.#mustHaveHost();
    const stored = found ? await this.api.query("topology.get", { id: found.id }) : await this.#created(name, edit);
    return this.#following(stored.id, async (feed) => {
      const saved = await this.#saved(feed, stored, edit).catch(async (error: unknown) => {
        // What was made for this edit goes with it.
        if (!found) await this.api.mutate("topology.remove", { id: stored.id }).catch(() => undefined);
        throw error;
      });
      const { generation } = await this.api.mutate("deployment.applyNewest", { id: stored.id, ...(confirmSeconds === undefined ? {} : { confirmSeconds }) });
      // Before this moment nobody could say whether it goes on.
      if (signal?.aborted) feed.stop();
      else signal?.addEventListener("abort", () => feed.stop());
      return { ...saved, ...(await untilDone(feed, generation, onProgress)) };
    });
  }

  async cancel(name: string) {
    const { id } = await this.#named(name);
    return (await this.api.mutate("deployment.cancel", { id })).outcome;
  }

  plan(name: string, desired: Topology | null) {
    return this.api.mutate("deployment.preview", { name, desired });
  }

  async teardown(name: string, onProgress?: OnProgress) {
    const { id } = await this.#named(name);
    return this.#following(id, async (feed) => {
      const { deployment, host } = await firstSnapshot(feed);
      if (deployment.generation === 0 && deployment.state === "empty") return { deployment, failure: null };
      mustBeOnline(host);
      const { generation } = await this.api.mutate("deployment.teardown", { id });
      return untilDone(feed, generation, onProgress);
    });
  }

  async remove(name: string, onProgress?: OnProgress): Promise<void> {
    const { id } = await this.#named(name);
    const { failure } = await this.teardown(name, onProgress);
    if (failure) throw new AppError(failure.code, failure.message, { issues: failure.issues });
    await this.api.mutate("topology.remove", { id });
  }

  async probe(name: string, probe: Parameters<Lab["probe"]>[1]) {
    const { id } = await this.#named(name);
    return this.api.mutate("probe.run", { id, ...probe });
  }

  async measure(name: string, request: Parameters<Lab["measure"]>[1]) {
    const { id } = await this.#named(name);
    return this.api.mutate("probe.measure", { id, ...request });
  }

  async *counters(name: string, signal: AbortSignal) {
    const { id } = await this.#named(name);
    const feed = this.api.follow(id);
    const stop = () => feed.stop();
    signal.addEventListener("abort", stop);
    try {
      mustBeOnline((await firstSnapshot(feed)).host);
      while (!signal.aborted) {
        const event = await feed.next(COUNTERS_MS);
        if (event.type === "counters") yield { at: event.at, counters: event.counters };
        if (event.type === "host") mustBeOnline(event.host);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener("abort", stop);
      feed.stop();
    }
  }

  async activity(name: string | null, last: number): Promise<readonly ActivityEntry[]> {
    return readActivity(this.api, this.#commands, name === null ? null : (await this.#named(name)).id, last);
  }

  /** The activity log is of what reached the host, and what a server refuses does not. */
  noteRefusal(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return this.api.close();
  }

  async #find(name: string): Promise<TopologySummary | null> {
    return (await this.api.query("topology.list")).find((one) => one.name === name) ?? null;
  }

  async #named(name: string): Promise<TopologySummary> {
    const found = await this.#find(name);
    if (!found) throw noTopology(name);
    return found;
  }

  /** Tried on an empty document first: a topology is not made for an edit that is refused. */
  async #created(name: string, edit: Edit): Promise<TopologySnapshot> {
    const { editedDocument, EMPTY_TOPOLOGY } = await import("../lab/edited-document");
    editedDocument(EMPTY_TOPOLOGY, edit);
    return this.api.mutate("topology.create", { name, template: "empty" });
  }

  async #saved(feed: TopologyFeed, stored: TopologySnapshot, edit: Edit): Promise<SavedEdit> {
    mustBeOnline((await firstSnapshot(feed)).host);
    return saveEdit(this.api, stored, edit);
  }

  async #mustHaveHost(): Promise<void> {
    const hosts = await this.api.query("host.list");
    if (!hosts.some(({ online }) => online)) mustBeOnline(hosts[0] ?? null);
  }

  async #following<T>(id: string, work: (feed: TopologyFeed) => Promise<T>): Promise<T> {
    const feed = this.api.follow(id);
    try {
      return await work(feed);
    } finally {
      feed.stop();
    }
  }
}

async function firstSnapshot(feed: TopologyFeed) {
  const event = await feed.next(FIRST_EVENT_MS);
  if (event.type !== "snapshot") throw new AppError("PROTOCOL", "The server does not begin with how things stand: are vpcctl and the server of the same version?");
  return event;
}

/** Asked before anything is written: what the host does not get, nobody waits for. */
function mustBeOnline(host: HostInfo | null): void {
  if (host?.online) return;
  const which = host ? `The host “${host.name}” is not connected` : "No host is connected to this server";
  throw new AppError("HOST_OFFLINE", `${which}, so nothing was changed. Start its agent and try again.`);
}

const noTopology = (name: string): AppError => new AppError("NOT_FOUND", `There is no topology “${name}” on this server; vpcctl list shows those that are.`);

