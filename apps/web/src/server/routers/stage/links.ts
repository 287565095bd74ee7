import { TopologyIdInput } from "@vpclab/shared/wire/api";
import { CreateStageLinkInput, RevokeStageLinkInput } from "@vpclab/shared/wire/stage";
import { procedure } from "../../trpc";

export const listStageLinks = procedure.input(TopologyIdInput).query(({ ctx, input }) => ctx.services.stages.list(ctx.actor, input.id));

/** The token is told once. */
export const createStageLink = procedure.input(CreateStageLinkInput).mutation(({ ctx, input }) => ctx.services.stages.create(ctx.actor, input));

export const revokeStageLink = procedure.input(RevokeStageLinkInput).mutation(({ ctx, input }) => ctx.services.stages.revoke(ctx.actor, input));
