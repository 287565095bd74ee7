import type { Action } from "../command-spec";
import { counted } from "../output/quantity";
import { UsageError } from "../usage-error";
import { givenFile } from "./topology-file";

export const validate: Action = async (session, given) => {
  const path = given.option("file");
  if (path === null) throw new UsageError("which file? validate -f <file>");
  const { source, alone } = await givenFile(session, path);
  const { vpcs, subnets, instances, peerings } = alone.topology;
  const counts = { vpcs: vpcs.length, subnets: subnets.length, instances: instances.length, peerings: peerings.length };
  session.out.value({ file: source.name, valid: true, name: alone.name, ...counts, warnings: alone.warnings.map(({ position, ...issue }) => ({ ...issue, ...position })) });
  for (const { position, message } of alone.warnings) session.out.note(`${position.file}:${position.line}:${position.column}: ${message}`);
  session.out.done(`${source.name} is valid: ${[counted(vpcs.length, "VPC"), counted(subnets.length, "subnet"), counted(instances.length, "instance")].join(", ")}`);
};
