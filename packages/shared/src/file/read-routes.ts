import type { FieldPath } from "../errors/issue";
import { EVERYWHERE } from "../topology/subnet-routing";
import type { DrawnRoute, Peering, RouteTarget } from "../topology/topology";
import { peersOf, PUBLIC_TABLE } from "./implied";
import { BY_ROLE, inOrderBefore, type Reading } from "./reading";
import type { ReadVpc } from "./read-vpc";
import { parseTarget, type WrittenTarget } from "./reference-text";

/** The routes of a VPC's tables: those written, the way out of the table “public”, and those that peerings bring. */
export function readRoutes(reading: Reading, vpc: ReadVpc, withRoutes: readonly Peering[]): void {
  const peers = peersOf(reading.doc, vpc.id, withRoutes);
  for (const table of reading.doc.routeTables) {
    if (table.vpcId !== vpc.id) continue;
    const written = vpc.file.routeTables?.[table.name];
    const routes = written === undefined && table.name === PUBLIC_TABLE ? wayOut(reading, vpc) : Object.entries(written ?? {}).flatMap(([destination, text]) => {
      const path = [...vpc.path, "routeTables", table.name, destination];
      reading.originate(`${table.id} ${destination}`, path);
      return routeOf(reading, vpc, destination, text, path);
    });
    for (const { peeringId, cidr } of peers) {
      if (routes.some((route) => route.destination === cidr)) continue;
      routes.push({ destination: cidr, target: { kind: "peering", id: peeringId } });
      reading.originate(`${table.id} ${cidr}`, reading.originOf(peeringId) ?? vpc.path);
    }
    table.routes = inOrderBefore(routes, reading.existingIndex.routeTableById.get(table.id)?.routes);
  }
}

function wayOut(reading: Reading, vpc: ReadVpc): DrawnRoute[] {
  const id = reading.find("internet-gateway", vpc.id, BY_ROLE);
  // A main table of that name leads nowhere by itself.
  const wanted = Object.values(vpc.file.subnets ?? {}).some((subnet) => subnet.type === "public");
  return id === null || !wanted ? [] : [{ destination: EVERYWHERE, target: { kind: "internet-gateway", id } }];
}

function routeOf(reading: Reading, vpc: ReadVpc, destination: string, text: string, path: FieldPath): DrawnRoute[] {
  const parsed = parseTarget(text);
  if (!parsed.ok) return [];
  const id = targetId(reading, vpc, parsed.value, path);
  return id === null ? [] : [{ destination, target: { kind: parsed.value.kind, id } satisfies RouteTarget }];
}

function targetId(reading: Reading, vpc: ReadVpc, target: WrittenTarget, path: FieldPath): string | null {
  switch (target.kind) {
    case "gone":
      return target.id;
    case "internet-gateway": {
      const id = reading.find("internet-gateway", vpc.id, BY_ROLE);
      if (id === null) reading.refuse("REF_UNKNOWN", path, `The VPC “${vpc.name}” has no internet gateway; add “internetGateway: true” to it.`);
      return id;
    }
    case "peering": {
      const known = reading.doc.peerings.map((peering) => peering.name);
      const found = reading.doc.peerings.find((peering) => peering.name === target.name);
      if (!found) reading.refuse("REF_UNKNOWN", path, `There is no peering “${target.name}” in this file.${known.length > 0 ? ` There are: ${known.slice(0, 8).join(", ")}.` : ""}`);
      return found?.id ?? null;
    }
    case "instance":
    case "nat-gateway":
      return ownerId(reading, vpc, target, path);
  }
}

function ownerId(reading: Reading, vpc: ReadVpc, target: Extract<WrittenTarget, { name: string; kind: "instance" | "nat-gateway" }>, path: FieldPath): string | null {
  const { kind, subnet, name } = target;
  const what = kind === "instance" ? "instance" : "NAT gateway";
  if (subnet !== null) {
    const subnetId = reading.refer("subnet", vpc.id, subnet, { path, what: `subnet in the VPC “${vpc.name}” called` });
    return subnetId === "" ? null : reading.refer(kind, subnetId, name, { path, what: `${what} in the subnet “${subnet}” called` }) || null;
  }
  const found = Object.keys(vpc.file.subnets ?? {}).flatMap((each) => {
    const id = reading.find(kind, reading.find("subnet", vpc.id, each) ?? "", name);
    return id === null ? [] : [{ id, place: `${each}/${name}` }];
  });
  if (found.length > 1) reading.refuse("REF_UNKNOWN", path, `Several are called “${name}”: write one of ${found.map(({ place }) => place).join(", ")}.`);
  if (found.length === 0) reading.refuse("REF_UNKNOWN", path, `There is no ${what} “${name}” in the VPC “${vpc.name}”.`);
  return found.length === 1 ? (found[0]?.id ?? null) : null;
}
