import type { Action } from "../command-spec";
import { createInternetGateway as createEdit } from "../edits/gateway-edits";
import { runEdit } from "../run-edit";
import { UsageError } from "../usage-error";

export const createInternetGateway: Action = (session, given) => {
  const vpc = given.either(0, "vpc");
  if (vpc === null) throw new UsageError("which VPC? vpcctl igw create <vpc>");
  return runEdit(
    session, { doing: `create the internet gateway of “${vpc}”`, create: true, makes: true, unchanged: `“${vpc}” has an internet gateway already` },
    createEdit(vpc, given.option("name")),
  );
};
