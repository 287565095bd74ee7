import { HostList } from "../../panels/hosts/host-list";

export default function HostsPage() {
  return <HostList />;
}
