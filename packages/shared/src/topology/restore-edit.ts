import { editBetween } from "./edit-between";
import type { EditCommand } from "./edit-command";
import { removeObject } from "./edit-remove";
import { inOrderOfId } from "./order";
import type { Peering, Topology } from "./topology";

/**
 * The one command that makes `current` what `earlier`, a revision of the same topology, was: what is in both keeps its id. null when
 * nothing differs. Peerings with other topologies stay as they are now, because the other side has a say in them: one that is
 * gone does not come back, and one that is newer stays where its VPC does. Applying it may be refused, as any edit.
 */
export const restoreEdit = (current: Topology, earlier: Topology): EditCommand | null => editBetween(current, withRemotePeeringsOf(current, earlier));

function withRemotePeeringsOf(current: Topology, earlier: Topology): Topology {
  const now = current.peerings.filter(isRemote);
  const ids = new Set(now.map(({ id }) => id));
  let wanted = earlier;
  for (const { id } of earlier.peerings.filter(isRemote)) if (!ids.has(id)) wanted = removeObject(wanted, id) ?? wanted;
  const vpcs = new Set(wanted.vpcs.map(({ id }) => id));
  const kept = now.filter((peering) => vpcs.has(ownEnd(peering)));
  return { ...wanted, peerings: inOrderOfId([...wanted.peerings.filter((peering) => !isRemote(peering)), ...kept]) };
}

const isRemote = ({ remote }: Peering): boolean => remote !== null;
/** The VPC that lies in this topology. */
const ownEnd = ({ remote, requesterVpcId, accepterVpcId }: Peering): string => (remote?.side === "requester" ? accepterVpcId : requesterVpcId);
