import type { Action } from "../command-spec";
import { counted } from "../output/quantity";
import { givenFile } from "./topology-file";

/** As the tools had it that tested themselves by this word. */
const verifyInstead: Action = async (session, given) => {
  session.out.note("Without a file (-f) this looks at what is here, as vpcctl verify does.");
  return (await import("./verify")).verify(session, given);
};

export const validate: Action = async (session, given) => {
  const path = given.option("file");
  if (path === null) return verifyInstead(session, given);
  const { source, alone } = await givenFile(session, path);
  const { vpcs, subnets, instances, peerings } = alone.topology;
  const counts = { vpcs: vpcs.length, subnets: subnets.length, instances: instances.length, peerings: peerings.length };
  session.out.value({ file: source.name, valid: true, name: alone.name, ...counts, warnings: alone.warnings.map(({ position, ...issue }) => ({ ...issue, ...position })) });
  for (const { position, message } of alone.warnings) session.out.note(`${position.file}:${position.line}:${position.column}: ${message}`);
  session.out.done(`${source.name} is valid: ${[counted(vpcs.length, "VPC"), counted(subnets.length, "subnet"), counted(instances.length, "instance")].join(", ")}`);
};
