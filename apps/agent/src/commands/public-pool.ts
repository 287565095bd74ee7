import { AppError } from "@vpclab/shared/errors/app-error";
import type { Cidr } from "@vpclab/shared/net/cidr";
import { cidrFrom } from "@vpclab/shared/net/cidr";
import type { Policy } from "../policy/policy";
import { SANDBOX_PUBLIC_POOL } from "../sandbox/sandbox-state";
import type { Mode } from "./options";

/** Public addresses that this agent may give. A sandbox has its own, unless its policy says that it has none. */
export function publicPoolOf({ rules, source }: Policy, mode: Mode): Cidr | null {
  const { publicPool } = rules;
  if (mode === "host") return publicPool ? cidrFrom(publicPool) : null;
  if (publicPool === undefined) return cidrFrom(SANDBOX_PUBLIC_POOL);
  if (publicPool === null) return null;
  throw new AppError("SCHEMA", `policy ${source}: publicPool ${publicPool} is for host mode; a sandbox's internet knows ${SANDBOX_PUBLIC_POOL} only. Leave it out, or say null for none.`);
}
