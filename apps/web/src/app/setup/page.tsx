import { SetUpForm } from "../../panels/people/set-up-form";

/** Reached only with the first start's link: the server answers 404 before this page otherwise. */
export default async function SetUpPage({ searchParams }: { readonly searchParams: Promise<{ readonly token?: string | string[] }> }) {
  const { token } = await searchParams;
  return <SetUpForm token={typeof token === "string" ? token : ""} />;
}
