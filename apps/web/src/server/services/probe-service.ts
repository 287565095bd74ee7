import { randomUUID } from "node:crypto";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { FieldPath, Issue } from "@vpclab/shared/errors/issue";
import type { ProbeRequest } from "@vpclab/shared/wire/job";
import type { ProbeResult } from "@vpclab/shared/wire/live";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { LiveBus } from "../bus/live-bus";
import type { Database } from "../store/database";
import { findDocument } from "../store/revision-store";
import { findTopology } from "../store/topology-store";
import type { AgentLink } from "./agent-link";
import { actorOf } from "./deployment-service";
import { hostOffline } from "./host-service";
import type { Actor, ProbeService } from "./services";
import { notFound } from "./topology-service";

type ProbeInput = Pick<ProbeRequest, "sourceId" | "target" | "kind" | "port">;

export class Probes implements ProbeService {
  constructor(
    private readonly database: Database,
    private readonly bus: LiveBus,
    private readonly agents: AgentLink,
  ) {}

  async run(actor: Actor, { id, sourceId, target, kind, port }: ProbeInput & { id: string }): Promise<ProbeResult> {
    const row = await findTopology(this.database.tables, id);
    if (!row) throw notFound();
    const issues = issuesOf(row.document, { sourceId, target, kind, port });
    if (issues.length > 0) throw AppError.fromIssues(issues);
    if (row.hostId === null || !this.agents.isOnline(row.hostId)) throw hostOffline("no packet can be sent");
    await this.#mustBeApplied(row.id, sourceId, target);
    return this.agents.probe(row.hostId, {
      kind: "probe", jobId: randomUUID(), topologyId: id, actor: actorOf(actor),
      probe: { probeId: randomUUID(), sourceId, target, kind, port },
    });
  }

  /** Packets can only be sent by what stands; a drawn instance that was not applied yet gets a hint in place of a timeout. */
  async #mustBeApplied(topologyId: string, sourceId: string, target: ProbeInput["target"]): Promise<void> {
    const deployment = this.bus.feed(topologyId)?.state.deployment;
    const applied = deployment && deployment.state !== "empty" && deployment.revision > 0
      ? await findDocument(this.database.tables, topologyId, deployment.revision)
      : null;
    const stands = (instanceId: string) => applied?.instances.some((instance) => instance.id === instanceId) ?? false;
    if (!stands(sourceId) || ("instanceId" in target && !stands(target.instanceId))) {
      throw new AppError("NOT_APPLIED", "This instance is drawn but not applied yet. Press Apply first, then test.");
    }
  }
}

function issuesOf(doc: Topology, { sourceId, target, kind, port }: ProbeInput): Issue[] {
  const unknown = (path: FieldPath): Issue => ({
    severity: "error", code: "REF_UNKNOWN", path, message: "There is no such instance in this topology; choose one that is drawn.",
  });
  const exists = (id: string) => doc.instances.some((instance) => instance.id === id);
  const issues: Issue[] = [];
  if (!exists(sourceId)) issues.push(unknown(["sourceId"]));
  if ("instanceId" in target && !exists(target.instanceId)) issues.push(unknown(["target", "instanceId"]));
  if (kind === "ping" && port !== null) issues.push({ severity: "error", code: "PORT", path: ["port"], message: "A ping has no port; leave it out." });
  if (kind !== "ping" && port === null) issues.push({ severity: "error", code: "PORT", path: ["port"], message: `A ${kind} test needs a port from 1 to 65535.` });
  return issues;
}
