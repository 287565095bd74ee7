import { AppError } from "@vpclab/shared/errors/app-error";
import type { ErrorCode } from "@vpclab/shared/errors/error-code";
import type { FieldPath } from "@vpclab/shared/errors/issue";
import { nextName } from "@vpclab/shared/topology/allocate";
import { applyEdits } from "@vpclab/shared/topology/edit";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import { newId } from "@vpclab/shared/topology/ids";
import type { Peering, Topology, Vpc } from "@vpclab/shared/topology/topology";
import { vpcsOverlap } from "@vpclab/shared/topology/validate-addresses";
import { isOpen } from "@vpclab/shared/topology/validate-peerings";
import type { PeeringCandidate, PeeringWritten } from "@vpclab/shared/wire/api";
import type { LiveBus } from "../bus/live-bus";
import type { Database, Tables } from "../store/database";
import { findTopologyLocked, listTopologies, lockPeerings } from "../store/topology-store";
import type { TopologyRow } from "../store/topology-store";
import { findFor, lockFor, mayDo } from "./access";
import { randomBytes } from "./random-bytes";
import { requestedPeering, routesToPeer } from "./remote-peerings";
import type { PeeringEnd } from "./remote-peerings";
import { announce, saveNext } from "./revision-writer";
import type { WrittenRevision } from "./revision-writer";
import type { Actor, PeeringService } from "./services";

type Input<Method extends keyof PeeringService> = Parameters<PeeringService[Method]>[1];

/** Both documents of a peering are written in one transaction, or none. */
export class Peerings implements PeeringService {
  constructor(
    private readonly database: Database,
    private readonly bus: LiveBus,
  ) {}

  async candidates(actor: Actor, { id, vpcId }: Input<"candidates">): Promise<readonly PeeringCandidate[]> {
    const own = await findFor(this.database.tables, actor, "edit", id);
    const vpc = vpcOf(own.document, vpcId, "vpcId");
    const others = await listTopologies(this.database.tables);
    return others
      .filter((other) => other.id !== id && mayDo(actor, "edit", other) && onOneHost(own, other))
      .map(({ id: topologyId, name, document }) => ({
        topologyId, topologyName: name,
        vpcs: document.vpcs
          .filter((other) => !vpcsOverlap(vpc, other) && !isPeered(own.document, vpc, other))
          .map(({ id, name, cidr }) => ({ id, name, cidr })),
      }))
      .filter(({ vpcs }) => vpcs.length > 0);
  }

  async request(actor: Actor, { id, vpcId, peerTopologyId, peerVpcId }: Input<"request">): Promise<PeeringWritten> {
    if (id === peerTopologyId) {
      throw refusal("PEER_SELF", ["peerTopologyId"], "This asks another topology; draw a peering between two VPCs of the same one.");
    }
    return this.#write(actor, async (tables) => {
      const rows = { requester: await lockFor(tables, actor, "edit", id), accepter: await lockFor(tables, actor, "edit", peerTopologyId) };
      const ends = {
        requester: { topology: rows.requester, vpc: vpcOf(rows.requester.document, vpcId, "vpcId") },
        accepter: { topology: rows.accepter, vpc: vpcOf(rows.accepter.document, peerVpcId, "peerVpcId") },
      };
      checkPair(rows.requester, ends.requester, ends.accepter);
      if (!onOneHost(rows.requester, rows.accepter)) {
        throw refusal("PEER_HOST", ["peerTopologyId"], "The two topologies are on different hosts; VPCs of one host can be peered.");
      }
      const peeringId = newId("peering", randomBytes);
      const name = freeName(ends);
      const documents = {
        requester: edited(rows.requester, create(requestedPeering(peeringId, name, ends, "accepter")), ["vpcId"]),
        accepter: edited(rows.accepter, create(requestedPeering(peeringId, name, ends, "requester")), ["peerVpcId"]),
      };
      return { peeringId, revisions: [[rows.requester, documents.requester], [rows.accepter, documents.accepter]] };
    });
  }

  async answer(actor: Actor, { id, peeringId, accept }: Input<"answer">): Promise<PeeringWritten> {
    return this.#write(actor, async (tables) => {
      const accepter = await lockFor(tables, actor, "edit", id);
      const peering = askedPeering(accepter.document, peeringId);
      const requester = await findTopologyLocked(tables, peering.remote.topologyId);
      const copy = requester?.document.peerings.find((other) => other.id === peeringId && other.remote?.topologyId === id);
      if (!requester || copy?.remote?.side !== "accepter" || copy.status !== "pending-acceptance") throw settled(["peeringId"]);
      const answered = (row: TopologyRow, own: Peering, ownVpc: string, path: FieldPath | null) => edited(row, [
        { op: "update", kind: "peering", id: peeringId, set: { status: accept ? "active" : "rejected" } },
        ...(accept && own.remote ? routesToPeer(row.document, ownVpc, own, own.remote.cidr) : []),
      ], path);
      return {
        peeringId,
        revisions: [
          [accepter, answered(accepter, peering, peering.accepterVpcId, null)],
          [requester, answered(requester, copy, copy.requesterVpcId, ["peeringId"])],
        ],
      };
    });
  }

  /** Runs `change` while no other peering changes, writes what it answers, the caller's topology first, and tells both. */
  async #write(actor: Actor, change: (tables: Tables) => Promise<{ peeringId: string; revisions: [TopologyRow, Topology][] }>): Promise<PeeringWritten> {
    const { peeringId, written } = await this.database.transaction(async (tables) => {
      await lockPeerings(tables);
      const { peeringId, revisions } = await change(tables);
      const written: WrittenRevision[] = [];
      for (const [row, document] of revisions) {
        const next = await saveNext(tables, actor, row, document);
        if (!next) throw new AppError("CONFLICT", "The topology was changed at the same moment. Try again.");
        written.push(next);
      }
      return { peeringId, written };
    });
    announce(this.bus, actor, written);
    return { peeringId, revision: written[0]?.revision ?? 0 };
  }
}

const create = (object: Peering): EditCommand[] => [{ op: "create", kind: "peering", object }];

/** `path`: where a refusal shows, when the fault is in the other owner's document; null: as it stands in one's own. */
function edited(row: TopologyRow, commands: readonly EditCommand[], path: FieldPath | null): Topology {
  const outcome = applyEdits(row.document, commands);
  if (outcome.ok) return outcome.value;
  throw AppError.fromIssues(path === null ? outcome.error : outcome.error.map(({ code, message }) => ({ severity: "error", code, path, message })));
}

function vpcOf(document: Topology, vpcId: string, field: string): Vpc {
  const vpc = document.vpcs.find(({ id }) => id === vpcId);
  if (!vpc) throw refusal("REF_UNKNOWN", [field], "There is no such VPC; it may have been deleted.");
  return vpc;
}

function checkPair(own: TopologyRow, { vpc }: PeeringEnd, other: PeeringEnd): void {
  if (isPeered(own.document, vpc, other.vpc)) {
    throw refusal("PEER_DUPLICATE", ["peerVpcId"], "These two VPCs are peered already, or one of them has asked; one peering per pair is enough.");
  }
  if (vpcsOverlap(vpc, other.vpc)) {
    throw refusal("PEER_OVERLAP", ["peerVpcId"], `${vpc.cidr} and ${other.vpc.cidr} overlap; only VPCs with different ranges can be peered.`);
  }
}

const isPeered = (document: Topology, one: Vpc, other: Vpc): boolean =>
  document.peerings.some((peering) => {
    const ends = [peering.requesterVpcId, peering.accepterVpcId];
    return isOpen(peering) && ends.includes(one.id) && ends.includes(other.id);
  });

/** Topologies that no host has taken yet may still come to the same one. */
const onOneHost = (one: TopologyRow, other: TopologyRow): boolean =>
  one.hostId === null || other.hostId === null || one.hostId === other.hostId;

/** The request of another topology that waits for this one's answer. */
function askedPeering(document: Topology, peeringId: string): Peering & { remote: NonNullable<Peering["remote"]> } {
  const peering = document.peerings.find(({ id }) => id === peeringId);
  if (!peering?.remote) throw refusal("REF_UNKNOWN", ["peeringId"], "There is no such request; it may have been withdrawn.");
  if (peering.remote.side !== "requester") throw refusal("FORBIDDEN", ["peeringId"], "Only the side that was asked can answer; this is your own request.");
  if (peering.status !== "pending-acceptance") throw settled(["peeringId"]);
  return { ...peering, remote: peering.remote };
}

const settled = (path: FieldPath): AppError => refusal("CONFLICT", path, "This request was answered or withdrawn already.");

/** A name that both documents have free: peerings are called after their two VPCs. */
function freeName({ requester, accepter }: Record<"requester" | "accepter", { topology: TopologyRow; vpc: Vpc }>): string {
  const taken = [requester, accepter].flatMap(({ topology }) => topology.document.peerings.map(({ name }) => name));
  return nextName(taken, `${requester.vpc.name}-${accepter.vpc.name}`, { bareFirst: true });
}

const refusal = (code: ErrorCode, path: FieldPath, message: string): AppError => AppError.fromIssues([{ severity: "error", code, path, message }]);
