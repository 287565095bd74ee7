import type { AuditHead } from "@vpclab/shared/wire/audit";
import { appendAudit } from "../store/audit-store";
import type { Database } from "../store/database";
import { AuditScope, DONE } from "./audit-scope";

/**
 * A database whose transactions write the audit entry of the action that they carry out, as their last work: both are committed, or
 * neither is. Of an action with several transactions the first one does. `onHead` hears of each new end of the chain.
 */
export function auditedDatabase(database: Database, onHead: (head: AuditHead) => void): Database {
  return {
    ...database,
    transaction: async (work) => {
      const scope = AuditScope.current();
      if (!scope?.claim()) return database.transaction(work);
      let head: AuditHead | null = null;
      try {
        const answer = await database.transaction(async (tables) => {
          const answer = await work(tables);
          const end = scope.end ?? DONE;
          // What was refused has changed nothing, and is counted with others like it.
          head = scope.silent || end.outcome === "refused" ? null : await appendAudit(tables, [scope.record(end)]);
          return answer;
        });
        scope.settle(head && (scope.end ?? DONE).outcome);
        if (head) onHead(head);
        return answer;
      } catch (error) {
        scope.settle(null);
        throw error;
      }
    },
  };
}
