import { AuditView } from "../../panels/audit/audit-view";

export default function AuditPage() {
  return <AuditView />;
}
