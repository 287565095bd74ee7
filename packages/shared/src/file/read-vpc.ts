import type { FieldPath } from "../errors/issue";
import { nextName } from "../topology/allocate";
import { BY_ROLE, type Reading } from "./reading";
import { DEFAULT_NAME, MAIN_TABLE, PUBLIC_TABLE } from "./implied";
import type { VpcFile } from "./topology-file-schema";

export interface ReadVpc {
  readonly id: string;
  readonly name: string;
  readonly file: VpcFile;
  readonly path: FieldPath;
}

/** The VPC and the names of its tables, groups and ACLs, so that subnets and routes may refer to them in any order. */
export function declareVpc(reading: Reading, name: string, file: VpcFile): ReadVpc {
  const { doc } = reading;
  const path = ["vpcs", name];
  const id = reading.declare("vpc", "", name, path);
  const vpc = { id, name, file, path };
  const main = file.mainRouteTable ?? MAIN_TABLE;
  const isPublic = Object.values(file.subnets ?? {}).some((subnet) => subnet.type === "public");
  const tables = namesOf(file.routeTables, [main, ...(isPublic ? [PUBLIC_TABLE] : [])]);
  const group = file.defaultSecurityGroup ?? DEFAULT_NAME;
  const acl = file.defaultNetworkAcl ?? DEFAULT_NAME;
  const idsOf = (kind: "route-table" | "security-group" | "network-acl", key: string, names: readonly string[], byRole?: string) =>
    new Map(names.map((each) => [each, reading.declare(kind, id, each, [...path, key, each], each === byRole ? BY_ROLE : each)]));
  const tableIds = idsOf("route-table", "routeTables", tables);
  const groupIds = idsOf("security-group", "securityGroups", namesOf(file.securityGroups, [group]), group);
  const aclIds = idsOf("network-acl", "networkAcls", namesOf(file.networkAcls, [acl]), acl);
  doc.vpcs.push({
    id, name, cidr: file.cidr, mainRouteTableId: tableIds.get(main) ?? "", defaultNetworkAclId: aclIds.get(acl) ?? "",
    defaultSecurityGroupId: groupIds.get(group) ?? "", reachableFromHost: file.reachableFromHost ?? false, dnsSupport: file.dns ?? true,
  });
  for (const [table, tableId] of tableIds) doc.routeTables.push({ id: tableId, vpcId: id, name: table, routes: [] });
  for (const [each, groupId] of groupIds) doc.securityGroups.push({ id: groupId, vpcId: id, name: each, description: "", rules: [] });
  for (const [each, aclId] of aclIds) doc.networkAcls.push({ id: aclId, vpcId: id, name: each, entries: [] });
  declareGateway(reading, vpc, isPublic);
  return vpc;
}

/** A public subnet brings the gateway along; the name is the one it had, else `<vpc>-igw`. */
function declareGateway(reading: Reading, vpc: ReadVpc, isPublic: boolean): void {
  const { internetGateway = isPublic } = vpc.file;
  if (internetGateway === false) return;
  const path = [...vpc.path, "internetGateway"];
  const id = reading.declare("internet-gateway", vpc.id, BY_ROLE, path);
  const before = reading.existingIndex.gatewayById.get(id)?.name;
  const name = typeof internetGateway === "string" ? internetGateway : before ?? nextName(gatewayNames(reading), `${vpc.name}-igw`, { bareFirst: true });
  reading.doc.internetGateways.push({ id, vpcId: vpc.id, name });
}

const gatewayNames = (reading: Reading): string[] => [
  ...reading.doc.internetGateways.map((gateway) => gateway.name),
  ...Object.values(reading.file.vpcs ?? {}).flatMap(({ internetGateway }) => (typeof internetGateway === "string" ? [internetGateway] : [])),
];

/** In the order of the file, then what is there without being named. */
const namesOf = (written: Readonly<Record<string, unknown>> | undefined, implied: readonly string[]): string[] =>
  [...new Set([...implied.filter((name) => !Object.hasOwn(written ?? {}, name)), ...Object.keys(written ?? {})])];
