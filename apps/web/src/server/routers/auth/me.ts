import type { Me } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const me = procedure
  .query(({ ctx: { actor: { id, name, role } } }): Me => ({ id, name, role }));
