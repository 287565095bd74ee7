import { router } from "../trpc";
import { changePassword } from "./account/change-password";
import { endOtherSessions } from "./account/end-other-sessions";
import { endSession } from "./account/end-session";
import { getAccount } from "./account/get";
import { listSessions } from "./account/sessions";
import { getActivity } from "./activity/get";
import { listActivity } from "./activity/list";
import { exportAudit } from "./audit/export";
import { listAudit } from "./audit/list";
import { verifyAudit } from "./audit/verify";
import { me } from "./auth/me";
import { register } from "./auth/register";
import { setUp } from "./auth/set-up";
import { signIn } from "./auth/sign-in";
import { signOut } from "./auth/sign-out";
import { createClass } from "./class/create";
import { joinClass } from "./class/join";
import { listClasses } from "./class/list";
import { removeClass } from "./class/remove";
import { removeMember } from "./class/remove-member";
import { renewCode } from "./class/renew-code";
import { withdrawCode } from "./class/withdraw-code";
import { applyTopology } from "./deployment/apply";
import { cancelDeployment } from "./deployment/cancel";
import { inspectDeployment } from "./deployment/inspect";
import { planDeployment } from "./deployment/plan";
import { previewDeployment } from "./deployment/preview";
import { safeApply } from "./deployment/safe-apply";
import { teardownTopology } from "./deployment/teardown";
import { approveHost } from "./host/approve";
import { checkHost } from "./host/check";
import { chooseHost } from "./host/choose";
import { listHosts } from "./host/list";
import { mintJoinToken } from "./host/mint-token";
import { hostsOverview } from "./host/overview";
import { rejectHost } from "./host/reject";
import { removeHost } from "./host/remove";
import { revokeHost } from "./host/revoke";
import { rotateKey } from "./host/rotate-key";
import { unlockHost } from "./host/unlock";
import { createInvitation } from "./invitation/create";
import { listInvitations } from "./invitation/list";
import { withdrawInvitation } from "./invitation/withdraw";
import { livePoint, livePresence } from "./live/presence";
import { liveTopology } from "./live/topology";
import { answerPeering } from "./peering/answer";
import { listPeeringCandidates } from "./peering/candidates";
import { requestPeering } from "./peering/request";
import { measureFlows } from "./probe/measure";
import { runProbe } from "./probe/run";
import { ruleHits } from "./rule/hits";
import { stageDrawing, stagePresenter } from "./stage/audience";
import { createStageLink, listStageLinks, revokeStageLink } from "./stage/links";
import { createTopology } from "./topology/create";
import { duplicateTopology } from "./topology/duplicate";
import { exportTopology } from "./topology/export";
import { getTopology } from "./topology/get";
import { importTopology } from "./topology/import";
import { listTopologies } from "./topology/list";
import { removeTopology } from "./topology/remove";
import { renameTopology } from "./topology/rename";
import { getRevision } from "./topology/revision";
import { listRevisions } from "./topology/revisions";
import { saveTopology } from "./topology/save";
import { saveLayout } from "./topology/save-layout";
import { listUsers } from "./user/list";
import { mintSignInLink } from "./user/mint-sign-in-link";
import { removeUser } from "./user/remove";
import { setDisabled } from "./user/set-disabled";
import { setRole } from "./user/set-role";

const calls = {
  auth: router({ me, signIn, signOut, setUp, register }),
  account: router({ get: getAccount, changePassword, sessions: listSessions, endSession, endOtherSessions }),
  user: router({ list: listUsers, setRole, setDisabled, remove: removeUser, mintSignInLink }),
  class: router({ list: listClasses, create: createClass, remove: removeClass, renewCode, withdrawCode, removeMember, join: joinClass }),
  invitation: router({ list: listInvitations, create: createInvitation, withdraw: withdrawInvitation }),
  topology: router({
    list: listTopologies,
    get: getTopology,
    create: createTopology,
    import: importTopology,
    export: exportTopology,
    rename: renameTopology,
    duplicate: duplicateTopology,
    remove: removeTopology,
    save: saveTopology,
    saveLayout,
    revisions: listRevisions,
    revision: getRevision,
  }),
  // `apply` alone is a reserved word of tRPC.
  deployment: router({ plan: planDeployment, inspect: inspectDeployment, preview: previewDeployment, applyNewest: applyTopology, teardown: teardownTopology, cancel: cancelDeployment, safeApply }),
  peering: router({ candidates: listPeeringCandidates, request: requestPeering, answer: answerPeering }),
  probe: router({ run: runProbe, measure: measureFlows }),
  rule: router({ hits: ruleHits }),
  host: router({
    list: listHosts,
    overview: hostsOverview,
    mintToken: mintJoinToken,
    approve: approveHost,
    check: checkHost,
    reject: rejectHost,
    revoke: revokeHost,
    unlock: unlockHost,
    remove: removeHost,
    rotateKey,
    choose: chooseHost,
  }),
  stage: router({ list: listStageLinks, create: createStageLink, revoke: revokeStageLink }),
  audit: router({ list: listAudit, verify: verifyAudit, export: exportAudit }),
  activity: router({ list: listActivity, get: getActivity }),
};
const live = router({ topology: liveTopology, presence: livePresence, point: livePoint });

/** Served over HTTP: queries and mutations. A stream over plain HTTP would take one of a browser's few connections. */
export const callRouter = router(calls);

/** Served over the browser's WebSocket. */
export const liveRouter = router({ live });

/** Both, as the pages see them. */
export const appRouter = router({ ...calls, live });

/** Served over the audience's WebSocket: all that a stage link opens, and it changes nothing. */
export const stageRouter = router({ stage: router({ drawing: stageDrawing, presenter: stagePresenter }) });

export type StageRouter = typeof stageRouter;
export type AppRouter = typeof appRouter;
