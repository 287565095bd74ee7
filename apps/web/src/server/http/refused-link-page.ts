/** Shown to whoever opens a link that does not work. Static: nothing of the request stands in it. */
export const refusedLinkPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · vpclab</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { display: grid; place-items: center; min-height: 100vh; margin: 0; }
main { max-width: 32rem; padding: 2rem; }
h1 { font-size: 1.25rem; }
code { padding: .15em .4em; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .3em; }
</style>
</head>
<body>
<main>
<h1>This sign-in link is no longer valid</h1>
<p>A link works once, for half an hour. This one was used, has expired, or is not one of this server.</p>
<p><a href="/signin">Sign in with your password</a>, or run <code>npm run signin</code> on the machine where vpclab runs and open the link it prints.</p>
</main>
</body>
</html>
`;
