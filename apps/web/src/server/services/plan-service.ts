import { randomUUID } from "node:crypto";
import { AppError } from "@vpclab/shared/errors/app-error";
import { routerNamespace } from "@vpclab/shared/net/namespace-name";
import type { PlanPreview } from "@vpclab/shared/plan/step";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { Inspection } from "@vpclab/shared/wire/live";
import { parseTopology } from "@vpclab/shared/topology/validate";
import { validateTopologyName } from "@vpclab/shared/topology/validate-names";
import type { Database } from "../store/database";
import { findHost, listHosts } from "../store/host-store";
import { findDocument } from "../store/revision-store";
import { findTopology, findTopologyNamed } from "../store/topology-store";
import type { TopologyRow } from "../store/topology-store";
import { findFor, forbidden, mayDo, mustBeAllowed, noSuchTopology } from "./access";
import type { AgentLink } from "./agent-link";
import { actorOf } from "./actor-of";
import { defaultHost, hostOffline } from "./host-service";
import { planOffline } from "./offline-plan";
import type { KnownOfHost } from "./offline-plan";
import { remotePeeringFaults } from "./remote-peerings";
import { sendable } from "./sendable";
import type { Actor, PlanService } from "./services";

type Planned = Pick<TopologyRow, "id" | "name" | "hostId" | "document" | "deployment">;

/** What an apply would do: asked of the host, or compared with what was applied last while it is away. Nothing is written. */
export class Plans implements PlanService {
  constructor(
    private readonly database: Database,
    private readonly agents: Pick<AgentLink, "isOnline" | "plan" | "inspect">,
  ) {}

  async plan(actor: Actor, topologyId: string): Promise<PlanPreview> {
    const row = await findFor(this.database.tables, actor, "view", topologyId);
    return this.#plan(actor, row, row.document);
  }

  /** What the host's kernel holds of one object now. Throws HOST_OFFLINE, NOT_APPLIED, what `findFor` throws. */
  async inspect(actor: Actor, { id, objectId }: { id: string; objectId: string }): Promise<Inspection> {
    const { hostId } = await findFor(this.database.tables, actor, "view", id);
    if (hostId === null || !this.agents.isOnline(hostId)) throw hostOffline("nobody can look at its network");
    return this.agents.inspect(hostId, { kind: "inspect", jobId: randomUUID(), topologyId: id, objectId, actor: actorOf(actor) });
  }

  async preview(actor: Actor, { name, desired }: { name: string; desired?: unknown }): Promise<PlanPreview> {
    const issues = validateTopologyName(name, ["name"]);
    if (issues.length > 0) throw AppError.fromIssues(issues);
    const stored = await this.#named(actor, name);
    if (desired === null) {
      if (!stored) throw noSuchTopology();
      return this.#plan(actor, stored, null);
    }
    const document = parseTopology(desired);
    if (!document.ok) throw AppError.fromIssues(document.error.map((issue) => ({ ...issue, path: ["desired", ...issue.path] })));
    const forged = remotePeeringFaults(stored?.document ?? EMPTY_TOPOLOGY, document.value);
    if (forged.length > 0) throw AppError.fromIssues(forged.map((issue) => ({ ...issue, path: ["desired", ...issue.path] })));
    return this.#plan(actor, stored ?? (await this.#notCreatedYet(name)), document.value);
  }

  async #plan(actor: Actor, topology: Planned, desired: Topology | null): Promise<PlanPreview> {
    const { id, name, hostId } = topology;
    if (hostId !== null && this.agents.isOnline(hostId)) {
      return this.agents.plan(hostId, {
        kind: "plan", jobId: randomUUID(), topologyId: id, topologyName: name, desired: desired && sendable(desired), actor: actorOf(actor),
      });
    }
    return planOffline(topology, await this.#knownOfHost(topology), await this.#lastApplied(topology), desired ?? EMPTY_TOPOLOGY);
  }

  /** One of somebody else stands in the way like any other of that name. */
  async #named(actor: Actor, name: string): Promise<TopologyRow | null> {
    const row = await findTopologyNamed(this.database.tables, name);
    if (!row) mustBeAllowed(actor, "createTopology");
    if (row && mayDo(actor, "view", row) && !mayDo(actor, "deploy", row)) throw forbidden();
    if (!row || mayDo(actor, "deploy", row)) return row;
    throw AppError.fromIssues([{ severity: "error", code: "NAME_TAKEN", path: ["name"], message: `There is already a topology called “${name}”; choose another name.` }]);
  }

  async #notCreatedYet(name: string): Promise<Planned> {
    const host = defaultHost(await listHosts(this.database.tables));
    return { id: randomUUID(), name, hostId: host?.id ?? null, document: EMPTY_TOPOLOGY, deployment: null };
  }

  async #knownOfHost({ hostId, document, deployment }: Planned): Promise<KnownOfHost> {
    const host = hostId === null ? null : await findHost(this.database.tables, hostId);
    const remoteRouters: Record<string, string> = {};
    for (const { id, status, remote } of document.peerings) {
      if (!remote || status !== "active") continue;
      const other = await findTopology(this.database.tables, remote.topologyId);
      if (other?.deployment && other.deployment.state !== "empty") remoteRouters[id] = routerNamespace(other.name, remote.vpcName);
    }
    return { publicPool: host?.publicPool ?? false, publicAddresses: deployment?.publicAddresses ?? {}, remoteRouters };
  }

  async #lastApplied({ id, deployment }: Planned): Promise<Topology | null> {
    if (!deployment || deployment.state === "empty" || deployment.revision === 0) return null;
    return findDocument(this.database.tables, id, deployment.revision);
  }
}
