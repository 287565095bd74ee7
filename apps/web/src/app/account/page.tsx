import { AccountPage } from "../../panels/people/account-page";

export default function MyAccountPage() {
  return <AccountPage />;
}
