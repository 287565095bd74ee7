import { randomUUID } from "node:crypto";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { Issue } from "@vpclab/shared/errors/issue";
import type { ProbeInput } from "@vpclab/shared/wire/api";
import type { ProbeResult } from "@vpclab/shared/wire/live";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { z } from "zod";
import type { LiveBus } from "../bus/live-bus";
import type { Database } from "../store/database";
import { findDocument } from "../store/revision-store";
import { findFor } from "./access";
import type { AgentLink } from "./agent-link";
import { actorOf } from "./deployment-service";
import { hostOffline } from "./host-service";
import type { Actor, ProbeService } from "./services";

type Probe = Omit<z.infer<typeof ProbeInput>, "id">;

export class Probes implements ProbeService {
  constructor(
    private readonly database: Database,
    private readonly bus: LiveBus,
    private readonly agents: AgentLink,
  ) {}

  async run(actor: Actor, { id, ...probe }: z.infer<typeof ProbeInput>): Promise<ProbeResult> {
    const row = await findFor(this.database.tables, actor, "probe", id);
    const issues = issuesOf(row.document, probe);
    if (issues.length > 0) throw AppError.fromIssues(issues);
    if (row.hostId === null || !this.agents.isOnline(row.hostId)) throw hostOffline("no packet can be sent");
    await this.#mustBeApplied(row.id, probe);
    return this.agents.probe(row.hostId, {
      kind: "probe", jobId: randomUUID(), topologyId: id, actor: actorOf(actor), probe: { probeId: randomUUID(), ...probe },
    });
  }

  /** Packets can only be sent by what stands; a drawn instance that was not applied yet gets a hint in place of a timeout. */
  async #mustBeApplied(topologyId: string, probe: Probe): Promise<void> {
    const deployment = this.bus.feed(topologyId)?.state.deployment;
    const applied = deployment && deployment.state !== "empty" && deployment.revision > 0
      ? await findDocument(this.database.tables, topologyId, deployment.revision)
      : null;
    if (instancesOf(probe).every(({ id }) => applied?.instances.some((instance) => instance.id === id))) return;
    throw new AppError("NOT_APPLIED", "This instance is drawn but not applied yet. Press Apply first, then test.");
  }
}

const ENDS = ["source", "destination"] as const;

const instancesOf = (probe: Probe): { id: string; end: (typeof ENDS)[number] }[] =>
  ENDS.flatMap((end) => {
    const at = probe[end];
    return "instanceId" in at ? [{ id: at.instanceId, end }] : [];
  });

function issuesOf(doc: Topology, probe: Probe): Issue[] {
  const { kind, port } = probe;
  const issues: Issue[] = instancesOf(probe)
    .filter(({ id }) => !doc.instances.some((instance) => instance.id === id))
    .map(({ end }) => ({
      severity: "error", code: "REF_UNKNOWN", path: [end, "instanceId"], message: "There is no such instance in this topology; choose one that is drawn.",
    }));
  if (instancesOf(probe).length === 0) {
    issues.push({ severity: "error", code: "SCHEMA", path: ["destination"], message: "From the internet to the internet nothing of this topology is tested; choose an instance." });
  }
  if (kind === "ping" && port !== null) issues.push({ severity: "error", code: "PORT", path: ["port"], message: "A ping has no port; leave it out." });
  if (kind !== "ping" && port === null) issues.push({ severity: "error", code: "PORT", path: ["port"], message: `A ${kind} test needs a port from 1 to 65535.` });
  return issues;
}
