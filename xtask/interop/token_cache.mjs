// A token cache file that @azure/msal-node and the example `token_cache` of aad-identity share, with tokens of the lake.
//
// Its arguments are the folder of node_modules, the file of the lake's endpoints, and the example. The environment is
// `adl env`. msal-node keeps a file by a plugin of three lines; it has the form of all MSALs.

import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const [nodeModules, endpointsFile, example] = process.argv.slice(2);
const load = createRequire(`${nodeModules}/`);
const msal = load('@azure/msal-node');
const { createDefaultHttpClient, createEmptyPipeline, createPipelineRequest, proxyPolicy } = load(
  '@azure/core-rest-pipeline',
);

const AZURE_CLI = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const LAKE = 'https://datalake.azure.net//.default';
const OTHER = 'https://management.core.windows.net//.default';
const OFFLINE = { HTTPS_PROXY: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1' };

const lake = JSON.parse(readFileSync(endpointsFile, 'utf8'));
const authority = `https://login.microsoftonline.com/${lake.tenant}`;

// Through the proxy of the environment, which msal-node does not know.
const pipeline = createEmptyPipeline();
pipeline.addPolicy(proxyPolicy());
const http = createDefaultHttpClient();
async function send(method, url, options = {}) {
  const request = createPipelineRequest({ url, method, body: options.body });
  for (const [name, value] of Object.entries(options.headers ?? {})) request.headers.set(name, value);
  const answer = await pipeline.sendRequest(http, request);
  return { headers: answer.headers.toJSON(), body: JSON.parse(answer.bodyAsText), status: answer.status };
}
const networkClient = {
  sendGetRequestAsync: (url, options) => send('GET', url, options),
  sendPostRequestAsync: (url, options) => send('POST', url, options),
};

function keptIn(file) {
  return {
    beforeCacheAccess: async ({ tokenCache }) => {
      if (existsSync(file)) tokenCache.deserialize(readFileSync(file, 'utf8'));
    },
    afterCacheAccess: async ({ cacheHasChanged, tokenCache }) => {
      if (cacheHasChanged) writeFileSync(file, tokenCache.serialize(), { mode: 0o600 });
    },
  };
}

const settings = (file, auth) => ({
  auth: { authority, ...auth },
  cache: { cachePlugin: keptIn(file) },
  system: { networkClient },
});
const applicationOf = (file) =>
  new msal.ConfidentialClientApplication(
    settings(file, { clientId: lake.client_id, clientSecret: lake.client_secret }),
  );
const peopleOf = (file) => new msal.PublicClientApplication(settings(file, { clientId: AZURE_CLI }));

async function ours(file, words, variables = {}) {
  const { stdout } = await promisify(execFile)(example, [file, ...words], { env: { ...process.env, ...variables } });
  return stdout;
}
const ourApplication = (file, variables) =>
  ours(file, ['application', lake.tenant, lake.client_id, lake.client_secret, LAKE], variables);
const ourPerson = (file, account, scope, variables) =>
  ours(file, ['token', lake.tenant, AZURE_CLI, account, scope], variables);

function check(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}
const isShownBy = (said, { accessToken }) => said.startsWith(`...${accessToken.slice(-8)} until `);

async function signIn(file) {
  const people = peopleOf(file);
  const user = { username: lake.user, password: lake.user_password };
  return people.acquireTokenByUsernamePassword({ scopes: [LAKE], ...user });
}

const flows = {
  'ours finds the token of an application that msal-node kept': async (file) => {
    const theirs = await applicationOf(file).acquireTokenByClientCredential({ scopes: [LAKE] });
    check(isShownBy(await ourApplication(file, OFFLINE), theirs), 'ours has another');
  },
  // It does not find it: of whom a row is when it is nobody's is "" to msal-node and null to msal for Python, whose form
  // ours is, and each takes its own only.
  'the token of an application that ours kept is not harmed by that of msal-node': async (file) => {
    const said = await ourApplication(file);
    const theirs = await applicationOf(file).acquireTokenByClientCredential({ scopes: [LAKE] });
    check(!theirs.fromCache, 'msal-node has learned to find it');
    const again = await ourApplication(file, OFFLINE);
    check(again === said || isShownBy(again, theirs), 'ours has a third');
    const [own, other] = Object.values(JSON.parse(readFileSync(file, 'utf8')).AccessToken);
    check(own && other && own.client_id === other.client_id, 'one row is lost');
  },
  'ours finds the person who signed in with msal-node': async (file) => {
    const theirs = await signIn(file);
    const { homeAccountId } = theirs.account;
    check((await ours(file, ['list'])) === `${homeAccountId} ${lake.user}\n`, 'ours lists somebody else');
    check(isShownBy(await ourPerson(file, homeAccountId, LAKE, OFFLINE), theirs), 'ours has another');
  },
  'msal-node finds what ours got by its refresh token, and ours what msal-node then gets': async (file) => {
    const { account } = await signIn(file);
    const said = await ourPerson(file, account.homeAccountId, OTHER);
    const people = peopleOf(file);
    const [known] = await people.getTokenCache().getAllAccounts();
    check(known.username === lake.user, 'msal-node knows somebody else');
    const theirs = await people.acquireTokenSilent({ scopes: [OTHER], account: known });
    check(theirs.fromCache && isShownBy(said, theirs), 'msal-node fetched another');
    const renewed = await people.acquireTokenSilent({ scopes: [OTHER], account: known, forceRefresh: true });
    check(!isShownBy(said, renewed), 'msal-node renewed nothing');
    check(isShownBy(await ourPerson(file, account.homeAccountId, OTHER, OFFLINE), renewed), 'ours has an older one');
  },
  'whoever signs out with one has signed out with the other': async (file) => {
    const { account } = await signIn(file);
    await ours(file, ['remove', account.homeAccountId]);
    const people = peopleOf(file);
    check((await people.getTokenCache().getAllAccounts()).length === 0, 'msal-node knows the person still');
    const again = await signIn(file);
    await people.getTokenCache().removeAccount(again.account);
    check((await ours(file, ['list'])) === '', 'ours knows the person still');
  },
};

let passed = 0;
for (const [name, flow] of Object.entries(flows)) {
  const folder = mkdtempSync(join(tmpdir(), 'token-cache-'));
  try {
    await flow(join(folder, 'msal.cache'));
    passed += 1;
    console.log(`ok    ${name}`);
  } catch (error) {
    console.log(`FAIL  ${name}: ${String(error).slice(0, 600)}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const all = Object.keys(flows).length;
console.log(`CACHE (JavaScript): passed ${passed} of ${all}`);
process.exit(passed === all ? 0 : 1);
