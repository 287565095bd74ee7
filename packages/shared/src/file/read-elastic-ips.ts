import type { FieldPath } from "../errors/issue";
import { nextName } from "../topology/allocate";
import type { ElasticIp } from "../topology/topology";
import type { Reading } from "./reading";
import type { ReadVpc } from "./read-vpc";

type Target = NonNullable<ElasticIp["target"]>;

interface Wish {
  readonly target: Target;
  /** true: one of any name. */
  readonly elasticIp: string | true;
  readonly path: FieldPath;
  readonly stem: string;
}

/** Elastic IPs of NAT gateways (one by itself) and instances, then those that are kept without an owner. */
export function readElasticIps(reading: Reading, vpcs: readonly ReadVpc[]): void {
  const { doc, existingIndex } = reading;
  const wishes = vpcs.flatMap((vpc) => wishesOf(reading, vpc));
  const free = reading.file.elasticIps ?? [];
  const names = [...free, ...wishes.flatMap(({ elasticIp }) => (elasticIp === true ? [] : [elasticIp]))];
  const add = (name: string, target: ElasticIp["target"], path: FieldPath) => {
    doc.elasticIps.push({ id: reading.declare("elastic-ip", "", name, path), name, target });
  };
  for (const [i, name] of free.entries()) {
    if (reading.find("elastic-ip", "", name) !== null) reading.refuse("NAME_TAKEN", ["elasticIps", i], `The Elastic IP “${name}” is named twice; once is enough.`);
    else add(name, null, ["elasticIps", i]);
  }
  const spoken = wishes.filter(({ elasticIp }) => elasticIp !== true);
  for (const { target, elasticIp, path } of spoken) {
    if (reading.find("elastic-ip", "", String(elasticIp)) !== null) {
      reading.refuse("EIP_TAKEN", path, `The Elastic IP “${String(elasticIp)}” is somebody else's already; one address has one owner.`);
    } else add(String(elasticIp), target, path);
  }
  for (const { target, elasticIp, path, stem } of wishes) {
    if (elasticIp !== true) continue;
    const before = existingIndex.elasticIpOf(target.id)?.name;
    const name = before !== undefined && !names.includes(before) ? before : nextName(names, stem, { bareFirst: true });
    names.push(name);
    add(name, target, path);
  }
}

function wishesOf(reading: Reading, vpc: ReadVpc): Wish[] {
  return Object.entries(vpc.file.subnets ?? {}).flatMap(([subnet, { instances, natGateways }]) => {
    const subnetId = reading.find("subnet", vpc.id, subnet) ?? "";
    const wish = (kind: Target["kind"], key: string, name: string, elasticIp: string | boolean): Wish[] => {
      if (elasticIp === false) return [];
      const target = { kind, id: reading.find(kind, subnetId, name) ?? "" };
      return [{ target, elasticIp, path: [...vpc.path, "subnets", subnet, key, name, "elasticIp"], stem: kind === "instance" ? "eip" : "nat-eip" }];
    };
    return [
      ...Object.entries(natGateways ?? {}).flatMap(([name, file]) => wish("nat-gateway", "natGateways", name, file?.elasticIp ?? true)),
      ...Object.entries(instances ?? {}).flatMap(([name, file]) => wish("instance", "instances", name, file?.elasticIp ?? false)),
    ];
  });
}
