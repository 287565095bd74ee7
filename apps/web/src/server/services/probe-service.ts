import { randomUUID } from "node:crypto";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { Issue } from "@vpclab/shared/errors/issue";
import type { MeasureInput, ProbeInput } from "@vpclab/shared/wire/api";
import type { MeasuredFlows, ProbeResult } from "@vpclab/shared/wire/live";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { z } from "zod";
import type { LiveBus } from "../bus/live-bus";
import type { Database } from "../store/database";
import { findDocument } from "../store/revision-store";
import type { TopologyRow } from "../store/topology-store";
import { findFor } from "./access";
import type { AgentLink } from "./agent-link";
import { actorOf } from "./actor-of";
import { hostOffline } from "./host-service";
import type { Actor, ProbeService } from "./services";

type Probe = Omit<z.infer<typeof ProbeInput>, "id">;
type Ends = Pick<Probe, "source" | "destination">;

export class Probes implements ProbeService {
  constructor(
    private readonly database: Database,
    private readonly bus: LiveBus,
    private readonly agents: AgentLink,
  ) {}

  async run(actor: Actor, { id, ...probe }: z.infer<typeof ProbeInput>): Promise<ProbeResult> {
    const row = await findFor(this.database.tables, actor, "probe", id);
    const hostId = await this.#hostFor(row, [...issuesOf(row.document, probe), ...portIssues(probe)], [probe]);
    return this.agents.probe(hostId, {
      kind: "probe", jobId: randomUUID(), topologyId: id, actor: actorOf(actor), probe: { probeId: randomUUID(), ...probe },
    });
  }

  async measure(actor: Actor, { id, ...request }: z.infer<typeof MeasureInput>): Promise<MeasuredFlows> {
    const row = await findFor(this.database.tables, actor, "probe", id);
    const issues = request.flows.flatMap((ends, at) => issuesOf(row.document, ends).map((issue) => ({ ...issue, path: ["flows", at, ...issue.path] })));
    const hostId = await this.#hostFor(row, [...issues, ...portIssues(request)], request.flows);
    const measured = await this.agents.measure(hostId, { kind: "measure", jobId: randomUUID(), topologyId: id, actor: actorOf(actor), request });
    if (measured.flows.length === request.flows.length) return measured;
    throw new AppError("INTERNAL", "The host answered for another number of pairs than it was asked. Update its agent.");
  }

  /** The host that can send these packets. Throws the issues, HOST_OFFLINE, NOT_APPLIED. */
  async #hostFor(row: Pick<TopologyRow, "id" | "hostId">, issues: readonly Issue[], flows: readonly Ends[]): Promise<string> {
    if (issues.length > 0) throw AppError.fromIssues([...issues]);
    if (row.hostId === null || !this.agents.isOnline(row.hostId)) throw hostOffline("no packet can be sent");
    await this.#mustBeApplied(row.id, flows);
    return row.hostId;
  }

  /** Packets can only be sent by what stands; a drawn instance that was not applied yet gets a hint in place of a timeout. */
  async #mustBeApplied(topologyId: string, flows: readonly Ends[]): Promise<void> {
    const deployment = this.bus.feed(topologyId)?.state.deployment;
    const applied = deployment && deployment.state !== "empty" && deployment.revision > 0
      ? await findDocument(this.database.tables, topologyId, deployment.revision)
      : null;
    const standing = new Set(applied?.instances.map(({ id }) => id));
    if (flows.flatMap(instancesOf).every(({ id }) => standing.has(id))) return;
    throw new AppError("NOT_APPLIED", "This instance is drawn but not applied yet. Press Apply first, then test.");
  }
}

const ENDS = ["source", "destination"] as const;

const instancesOf = (probe: Ends): { id: string; end: (typeof ENDS)[number] }[] =>
  ENDS.flatMap((end) => {
    const at = probe[end];
    return "instanceId" in at ? [{ id: at.instanceId, end }] : [];
  });

function issuesOf(doc: Topology, probe: Ends): Issue[] {
  const issues: Issue[] = instancesOf(probe)
    .filter(({ id }) => !doc.instances.some((instance) => instance.id === id))
    .map(({ end }) => ({
      severity: "error", code: "REF_UNKNOWN", path: [end, "instanceId"], message: "There is no such instance in this topology; choose one that is drawn.",
    }));
  if (instancesOf(probe).length === 0) {
    issues.push({ severity: "error", code: "SCHEMA", path: ["destination"], message: "From the internet to the internet nothing of this topology is tested; choose an instance." });
  }
  return issues;
}

function portIssues({ kind, port }: Pick<Probe, "kind" | "port">): Issue[] {
  if ((kind === "ping") === (port === null)) return [];
  const message = kind === "ping" ? "A ping has no port; leave it out." : `A ${kind} test needs a port from 1 to 65535.`;
  return [{ severity: "error", code: "PORT", path: ["port"], message }];
}
