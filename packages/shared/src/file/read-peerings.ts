import type { FieldPath } from "../errors/issue";
import { nextName } from "../topology/allocate";
import type { Peering } from "../topology/topology";
import { impliedPeeringName } from "./implied";
import type { Reading } from "./reading";
import { parseEnds, type WrittenEnd } from "./reference-text";
import type { PeeringFile } from "./topology-file-schema";

type PeeringObject = Exclude<PeeringFile, string>;

/** Adds the peerings to the document; answers with those that bring routes along. */
export function readPeerings(reading: Reading): Peering[] {
  const files = (reading.file.peerings ?? []).map((file): PeeringObject => (typeof file === "string" ? { between: file } : file));
  const names = files.flatMap(({ name }) => (name === undefined ? [] : [name]));
  return files.flatMap((file, i) => {
    const peering = readPeering(reading, file, ["peerings", i], names);
    if (!peering) return [];
    reading.doc.peerings.push(peering);
    return file.routes === "none" ? [] : [peering];
  });
}

function readPeering(reading: Reading, file: PeeringObject, path: FieldPath, names: string[]): Peering | null {
  const ends = parseEnds(file.between);
  if (!ends.ok) return null;
  const { requester, accepter } = ends.value;
  const remoteSide = requester.topology !== null ? "requester" : accepter.topology !== null ? "accepter" : null;
  if (requester.topology !== null && accepter.topology !== null) {
    reading.refuse("SCHEMA", path, "One end of a peering is a VPC of this topology; write it without a slash.");
    return null;
  }
  if ((remoteSide === null) !== (file.remote === undefined)) {
    reading.refuse("SCHEMA", path, remoteSide === null
      ? "remote is for a peering with another topology: write that end as topology/vpc."
      : "A peering with another topology needs what is known of the other end under “remote”; export writes it, or peer them with `vpcctl peer create`.");
    return null;
  }
  const idOf = ({ topology, vpc }: WrittenEnd) =>
    topology === null ? reading.refer("vpc", "", vpc, { path, what: "VPC in this file called" }) : file.remote?.vpcId ?? "";
  const [requesterVpcId, accepterVpcId] = [idOf(requester), idOf(accepter)];
  const name = file.name ?? nextName(names, impliedPeeringName(requester.vpc, accepter.vpc), { bareFirst: true });
  if (file.name === undefined) names.push(name);
  const other = remoteSide === "requester" ? requester : accepter;
  const id = file.remote?.peeringId ?? reading.declare("peering", `${requesterVpcId} ${accepterVpcId}`, name, path);
  reading.originate(id, path);
  return {
    id, name, requesterVpcId, accepterVpcId, status: file.status ?? "active",
    remote: file.remote && remoteSide
      ? { side: remoteSide, topologyId: file.remote.topologyId, topologyName: other.topology ?? "", vpcName: other.vpc, cidr: file.remote.cidr }
      : null,
  };
}
