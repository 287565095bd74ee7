import { randomUUID } from "node:crypto";
import { isProbePair } from "@vpclab/shared/analysis/probe";
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
    const standing = new Set(applied && [...applied.instances, ...applied.natGateways].map(({ id }) => id));
    if (flows.flatMap(drawnEndsOf).every(({ id }) => standing.has(id))) return;
    throw new AppError("NOT_APPLIED", "An end of this test is drawn but not applied yet. Press Apply first, then test.");
  }
}

const ENDS = ["source", "destination"] as const;

interface DrawnEnd {
  readonly id: string;
  readonly path: readonly [(typeof ENDS)[number], "instanceId" | "publicAddressOf"];
}

const drawnEndsOf = (probe: Ends): DrawnEnd[] =>
  ENDS.flatMap((end): DrawnEnd[] => {
    const at = probe[end];
    if ("instanceId" in at) return [{ id: at.instanceId, path: [end, "instanceId"] }];
    return "publicAddressOf" in at ? [{ id: at.publicAddressOf, path: [end, "publicAddressOf"] }] : [];
  });

function issuesOf(doc: Topology, probe: Ends): Issue[] {
  const isDrawn = ({ id, path: [, field] }: DrawnEnd): boolean =>
    doc.instances.some((instance) => instance.id === id) || (field === "publicAddressOf" && doc.natGateways.some((gateway) => gateway.id === id));
  const issues: Issue[] = drawnEndsOf(probe).filter((end) => !isDrawn(end)).map(({ path }) => ({
    severity: "error", code: "REF_UNKNOWN", path: [...path], message: `There is no such instance${path[1] === "publicAddressOf" ? " or NAT gateway" : ""} in this topology; choose one that is drawn.`,
  }));
  if (!isProbePair(probe.source, probe.destination)) {
    issues.push({ severity: "error", code: "SCHEMA", path: ["destination"], message: "Nothing of this topology lies between these two ends; choose an instance." });
  }
  return issues;
}

function portIssues({ kind, port }: Pick<Probe, "kind" | "port">): Issue[] {
  if ((kind === "ping") === (port === null)) return [];
  const message = kind === "ping" ? "A ping has no port; leave it out." : `A ${kind} test needs a port from 1 to 65535.`;
  return [{ severity: "error", code: "PORT", path: ["port"], message }];
}
