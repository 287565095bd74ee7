import { SignInForm } from "../../panels/people/sign-in-form";

export default function SignInPage() {
  return <SignInForm />;
}
