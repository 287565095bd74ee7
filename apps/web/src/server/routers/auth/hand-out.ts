import type { Me } from "@vpclab/shared/wire/api";
import type { SignedIn } from "../../services/people";
import type { Context } from "../../trpc";

/** The session goes into the cookie and nowhere else. */
export function handOut(ctx: Context, { me, session }: SignedIn): Me {
  ctx.keepSession?.(session);
  return me;
}
