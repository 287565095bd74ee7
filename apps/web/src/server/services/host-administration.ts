import { randomUUID } from "node:crypto";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { HostDetails, HostsOverview, MintedJoinToken } from "@vpclab/shared/wire/api";
import type { HostChecks, HostTopology } from "@vpclab/shared/wire/host-report";
import type { HostState } from "@vpclab/shared/wire/live";
import { addActivity } from "../store/activity-store";
import type { Logger } from "pino";
import type { JobKeys } from "../signing/job-key";
import type { Database, Tables } from "../store/database";
import { changeHostState, deleteHost, findHost, findHostLocked, listHosts } from "../store/host-store";
import type { HostRow } from "../store/host-store";
import { listHostTopologies } from "../store/host-topologies";
import { listTopologyNamesByHost } from "../store/topology-store";
import { mustBeAllowed } from "./access";
import type { AgentLink } from "./agent-link";
import { AuditScope } from "./audit-scope";
import { actorOf } from "./actor-of";
import type { Enrolment } from "./enrolment-service";
import { fingerprintText } from "./fingerprint-text";
import type { HostBoard } from "./host-board";
import { hostInfo } from "./host-service";
import type { Actor, HostAdministrationService } from "./services";

/** What an administrator does to a host: from which states, to which (null: the host is forgotten), and how it is told. */
interface Change {
  readonly from: readonly HostState[];
  readonly to: HostState | null;
  readonly action: string;
  readonly done: string;
}

export class HostAdministration implements HostAdministrationService {
  constructor(
    private readonly database: Database,
    private readonly enrolment: Enrolment,
    private readonly keys: JobKeys,
    private readonly agents: Pick<AgentLink, "isOnline" | "disconnectAll" | "checks">,
    private readonly log: Logger,
    /** Ends the connections of a host and shows its new state. */
    private readonly cutOff: (hostId: string, reason: string) => Promise<void>,
    /** Where agents reach this server; known once it listens. */
    private readonly url: () => string,
    private readonly board: HostBoard,
  ) {}

  async overview(actor: Actor): Promise<HostsOverview> {
    mustBeAllowed(actor, "manageHosts");
    const { tables } = this.database;
    const on = await listHostTopologies(tables);
    const hosts = await listHosts(tables);
    const { key, version } = this.keys.current;
    return { now: Date.now(), serverKey: { fingerprint: fingerprintText(key.publicKey), version }, hosts: hosts.map((host) => this.#details(host, on.get(host.id) ?? [])) };
  }

  async mintJoinToken(actor: Actor, name: string): Promise<MintedJoinToken> {
    mustBeAllowed(actor, "manageHosts");
    const minted = await this.enrolment.mintTokenFor(name, actor.id);
    await record(this.database.tables, actor, null, "host-token", `Join token made for host “${name}”`);
    return { name, url: this.url(), ...minted };
  }

  /** Has a host's agent look anew at what it needs of its system. */
  async check(actor: Actor, id: string): Promise<HostChecks> {
    mustBeAllowed(actor, "manageHosts");
    const host = await findHost(this.database.tables, id);
    if (!host) throw new AppError("NOT_FOUND", "There is no such host; it may have been removed.");
    AuditScope.current()?.noteObject({ kind: "host", id, name: host.name }, null);
    return this.agents.checks(id, { kind: "checks", jobId: randomUUID(), actor: actorOf(actor) });
  }

  approve(actor: Actor, id: string): Promise<{ id: string }> {
    return this.#change(actor, id, { from: ["pending"], to: "approved", action: "host-approve", done: "approved" });
  }

  reject(actor: Actor, id: string): Promise<{ id: string }> {
    return this.#change(actor, id, { from: ["pending"], to: null, action: "host-reject", done: "rejected" });
  }

  revoke(actor: Actor, id: string): Promise<{ id: string }> {
    return this.#change(actor, id, { from: ["approved", "locked"], to: "revoked", action: "host-revoke", done: "revoked" });
  }

  unlock(actor: Actor, id: string): Promise<{ id: string }> {
    return this.#change(actor, id, { from: ["locked"], to: "approved", action: "host-unlock", done: "unlocked" });
  }

  remove(actor: Actor, id: string): Promise<{ id: string }> {
    return this.#change(actor, id, { from: ["revoked"], to: null, action: "host-remove", done: "removed" });
  }

  async rotateKey(actor: Actor): Promise<{ version: number }> {
    mustBeAllowed(actor, "manageHosts");
    return this.replaceKey(actor.name);
  }

  /** `by`: who may do this anyway, and is told in the logs. */
  async replaceKey(by: string): Promise<{ version: number }> {
    // Files: no transaction takes them back.
    await AuditScope.current()?.begin();
    const { version } = this.keys.rotate();
    AuditScope.current()?.noteMade({ kind: "key-set", id: String(version), name: null }, null);
    this.log.warn({ version, actor: by }, "the key that signs jobs was replaced");
    // They come again at once, take the new key set and are welcomed with the new key.
    this.agents.disconnectAll("key replaced");
    await this.database.transaction((tables) => record(tables, { name: by }, null, "key-rotate", `Key that signs jobs replaced: key set ${version}`));
    return { version };
  }

  async #change(actor: Actor, id: string, { from, to, action, done }: Change): Promise<{ id: string }> {
    mustBeAllowed(actor, "manageHosts");
    await this.database.transaction(async (tables) => {
      const host = await findHostLocked(tables, id);
      if (!host) throw new AppError("NOT_FOUND", "There is no such host; it may have been removed.");
      AuditScope.current()?.noteObject({ kind: "host", id, name: host.name }, null);
      if (to === null) await mustBeEmpty(tables, host);
      const changed = to === null ? await deleteHost(tables, id, from[0] ?? "pending") : await changeHostState(tables, id, from, to);
      if (!changed) throw new AppError("CONFLICT", `“${host.name}” is ${host.state}, so it cannot be ${done}. Look at the page again.`);
      await record(tables, actor, to === null ? null : id, action, `Host “${host.name}” ${done}`);
    });
    if (to === null) this.board.forget(id);
    // Whoever speaks for it was let in under the state before.
    await this.cutOff(id, to ?? "revoked");
    return { id };
  }

  #details(host: HostRow, deployments: readonly HostTopology[]): HostDetails {
    return {
      ...hostInfo(host, this.agents.isOnline(host.id)), topologies: deployments.map(({ name }) => name), deployments, ...this.board.of(host.id), local: host.local, joinedAt: host.createdAt.getTime(), lockReason: host.lockReason,
      fingerprint: fingerprintText(host.publicKey),
    };
  }
}

async function mustBeEmpty(tables: Tables, { id, name }: HostRow): Promise<void> {
  const names = (await listTopologyNamesByHost(tables)).get(id) ?? [];
  if (names.length > 0) throw new AppError("IN_USE", `“${name}” still has topologies: ${names.join(", ")}. Choose another host for them first.`);
}

async function record(tables: Tables, actor: Pick<Actor, "name">, hostId: string | null, action: string, text: string): Promise<void> {
  await addActivity(tables, {
    hostId, hostEntryId: null, at: Date.now(), actor: actor.name, action, topologyId: null, topologyName: null, revision: null,
    text, outcome: "done", reason: null, seconds: 0, commands: [], commandsLeftOut: 0,
  });
}
