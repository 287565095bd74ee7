import type { Action } from "../command-spec";
import { createNatGateway, disableNat, enableNat, type NatOptions } from "../edits/gateway-edits";
import { find } from "../edits/place";
import type { Given } from "../given";
import { runEdit } from "../run-edit";
import type { Session } from "../session";
import { UsageError } from "../usage-error";
import type { ExitCode } from "../exit-code";
import { checkInterface } from "./check-interface";

export const createNat: Action = (session, given) => {
  const [name, vpc, subnet] = [given.either(0, "name"), given.option("vpc"), given.option("subnet")];
  return runEdit(
    session, { doing: `create NAT gateway${name === null ? "" : ` “${name}”`}`, create: true, makes: true, unchanged: "the NAT gateway is there already" },
    createNatGateway({ name, vpc, subnet, address: given.option("address") }),
  );
};

/** Internet for the VPC's public subnets, for the one named, or for all. */
export const enable: Action = (session, given) => {
  const subnet = given.option("subnet");
  const subnets = given.flag("allSubnets") === true ? "all" : subnet === null ? "waiting" : [subnet];
  return enableFor(session, given, { vpc: vpcOf(given, subnet), subnets });
};

/** `prod/public` says which VPC, too. */
function vpcOf(given: Given, subnet: string | null): string {
  const vpc = given.either(0, "vpc") ?? (subnet?.includes("/") ? subnet.split("/")[0] : null);
  if (!vpc) throw new UsageError("which VPC? --vpc <vpc>");
  return vpc;
}

async function enableFor(session: Session, given: Given, options: NatOptions): Promise<ExitCode> {
  await checkInterface(session, given.option("wan") ?? given.option("interface"));
  const edit = enableNat(options);
  return runEdit(session, {
    doing: `enable NAT for “${options.vpc}”`, create: true, unchanged: `NAT is enabled for “${options.vpc}” already`,
    next: ({ after }) => {
      const vpc = find(after, "vpc", { name: options.vpc });
      const hasPublic = vpc.ok && after.routeTables.some((table) => table.vpcId === vpc.value.id && table.routes.some(({ target }) => target.kind === "internet-gateway"));
      return hasPublic ? [] : [`No subnet of “${options.vpc}” is public yet: vpcctl subnet set ${options.vpc}/<subnet> --public`];
    },
  }, edit);
}

export const disable: Action = (session, given) => {
  const subnet = given.option("subnet");
  const vpc = vpcOf(given, subnet);
  return runEdit(session, { doing: `disable NAT for “${vpc}”`, create: true, unchanged: `NAT is not enabled for “${vpc}”` }, disableNat(vpc, subnet));
};
