import type { Me } from "@vpclab/shared/wire/api";
import type { SignedIn, StillKnown } from "../../services/people";
import type { Context } from "../../trpc";

/** Session and device go into their cookies and nowhere else. */
export function handOut(ctx: Context, { me, session, device }: SignedIn): Me {
  ctx.keepSession?.(session);
  ctx.keepDevice?.(device);
  return me;
}

export function stayKnown(ctx: Context, { id, device }: StillKnown): { id: string } {
  ctx.keepDevice?.(device);
  return { id };
}
