import { AppError } from "@vpclab/shared/errors/app-error";
import type { Tables } from "../store/database";
import { findTopology, findTopologyLocked } from "../store/topology-store";
import type { TopologyRow } from "../store/topology-store";
import type { Actor } from "./actor";
import { AuditScope } from "./audit-scope";
import { can, SERVER } from "./can";
import type { ActionOn, ActorFacts, TopologyFacts } from "./can";

type TopologyAction = ActionOn<"topology">;

export const topologyFacts = ({ id, ownerId, ownerMemberOf, ownerTeaches }: Omit<TopologyFacts, "kind">): TopologyFacts =>
  ({ kind: "topology", id, ownerId, ownerMemberOf, ownerTeaches });

export const mayDo = (actor: ActorFacts, action: TopologyAction, topology: Omit<TopologyFacts, "kind">): boolean =>
  can(actor, action, topologyFacts(topology));

/** A topology that the actor may do this with. One that he may not see is answered like one that does not exist. Throws NOT_FOUND, FORBIDDEN. */
export const findFor = async (tables: Tables, actor: Actor, action: TopologyAction, id: string): Promise<TopologyRow> =>
  allowed(actor, action, await findTopology(tables, id));

/** Like `findFor`; nobody else changes the row until the transaction ends. Only inside of one. */
export const lockFor = async (tables: Tables, actor: Actor, action: TopologyAction, id: string): Promise<TopologyRow> =>
  allowed(actor, action, await findTopologyLocked(tables, id));

/** Throws FORBIDDEN. */
export function mustBeAllowed(actor: Actor, action: ActionOn<"server">): void {
  if (!can(actor, action, SERVER)) throw forbidden();
}

export const noSuchTopology = (): AppError => new AppError("NOT_FOUND", "There is no such topology; it may have been deleted.");

export const forbidden = (): AppError => new AppError("FORBIDDEN", "Your account may not do this. Ask your instructor or an administrator.");

function allowed(actor: Actor, action: TopologyAction, row: TopologyRow | null): TopologyRow {
  if (!row || !mayDo(actor, "view", row)) throw noSuchTopology();
  if (!mayDo(actor, action, row)) throw forbidden();
  AuditScope.current()?.noteObject({ kind: "topology", id: row.id, name: row.name }, row.revision);
  return row;
}
