// Unmodified @azure/identity for JavaScript signs in at the lake. As in their_libraries.py, which has let everybody
// list the root, it knows nothing of the lake but the environment (`adl env`), and the lake's file system is the judge.
//
// Its arguments are the folder of node_modules and the file of the lake's endpoints.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [nodeModules, endpointsFile] = process.argv.slice(2);
const load = createRequire(`${nodeModules}/`);
const identity = load('@azure/identity');
const { createDefaultHttpClient, createEmptyPipeline, createPipelineRequest, proxyPolicy } = load(
  '@azure/core-rest-pipeline',
);

const AZURE_CLI = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const SCOPE = 'https://datalake.azure.net//.default';
const OTHER_SCOPE = 'https://management.core.windows.net//.default';
const REDIRECT = 'http://localhost:8400';

const lake = JSON.parse(readFileSync(endpointsFile, 'utf8'));
const authority = `https://login.microsoftonline.com/${lake.tenant}`;

// Through the proxy of the environment, which Node's own fetch does not know; redirects are not followed.
const pipeline = createEmptyPipeline();
pipeline.addPolicy(proxyPolicy());
const http = createDefaultHttpClient();

function get(url, headers = {}) {
  const request = createPipelineRequest({ url, method: 'GET' });
  for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
  return pipeline.sendRequest(http, request);
}

function post(url, form) {
  const request = createPipelineRequest({ url, method: 'POST', body: new URLSearchParams(form).toString() });
  request.headers.set('content-type', 'application/x-www-form-urlencoded');
  return pipeline.sendRequest(http, request);
}

function check(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}

async function mustAccept({ token }) {
  const url = `https://${lake.store_account}.azuredatalakestore.net/webhdfs/v1/?op=LISTSTATUS`;
  const answer = await get(url, { authorization: `Bearer ${token}` });
  check(answer.status === 200, `the lake answered ${answer.status} to the token`);
}

// The lake's pages have one field that the person does not see: which page it is.
function signIn(page) {
  const [, name] = page.bodyAsText.match(/name="page" value="([^"]*)"/) ?? [];
  check(name, 'no page to sign in on');
  return post('https://login.microsoftonline.com/common/login', {
    page: name,
    username: lake.user,
    password: lake.user_password,
    answer: 'accept',
  });
}

async function enterDeviceCode({ verificationUri, userCode }) {
  const page = await signIn(await post(verificationUri, { otc: userCode }));
  check(page.bodyAsText.includes('You have signed in'), 'the page does not say that the person has signed in');
}

/** Must be refused with this code by whichever credential. */
async function mustBeRefused(code, credential) {
  const refusal = await credential.getToken(SCOPE).then(() => new Error('a token was given'), (error) => error);
  check(refusal.message.includes(`AADSTS${code}:`), `${refusal.message}, instead of AADSTS${code}`);
}

const ofPerson = (name, password, clientId = AZURE_CLI) =>
  new identity.UsernamePasswordCredential(lake.tenant, clientId, name, password);

const flows = {
  'client secret': async () => {
    const credential = new identity.ClientSecretCredential(lake.tenant, lake.client_id, lake.client_secret);
    await mustAccept(await credential.getToken(SCOPE));
  },
  'wrong secret is refused as aadsts7000215': async () => {
    await mustBeRefused(7000215, new identity.ClientSecretCredential(lake.tenant, lake.client_id, 'wrong'));
  },
  'default credential from the environment': async () => {
    await mustAccept(await new identity.DefaultAzureCredential().getToken(SCOPE));
  },
  'device code then a silent token for another resource': async () => {
    let prompts = 0;
    let entered;
    const credential = new identity.DeviceCodeCredential({
      clientId: AZURE_CLI,
      userPromptCallback: (prompt) => {
        prompts += 1;
        entered = enterDeviceCode(prompt);
      },
    });
    await mustAccept(await credential.getToken(SCOPE));
    await entered;
    await credential.getToken(OTHER_SCOPE);
    check(prompts === 1, `the person was asked ${prompts} times`);
  },
  'authorization code of an application with a secret': async () => {
    const query = new URLSearchParams({
      client_id: lake.client_id,
      response_type: 'code',
      redirect_uri: REDIRECT,
      scope: `${SCOPE} offline_access`,
    });
    const answer = await signIn(await get(`${authority}/oauth2/v2.0/authorize?${query}`));
    const code = new URL(answer.headers.get('location')).searchParams.get('code');
    const credential = new identity.AuthorizationCodeCredential(
      lake.tenant,
      lake.client_id,
      lake.client_secret,
      code,
      REDIRECT,
    );
    await mustAccept(await credential.getToken(SCOPE));
  },
  'password': async () => {
    await mustAccept(await ofPerson(lake.user, lake.user_password).getToken(SCOPE));
  },
  'on behalf of': async () => {
    const { token } = await ofPerson(lake.user, lake.user_password).getToken(`api://${lake.client_id}/.default`);
    const credential = new identity.OnBehalfOfCredential({
      tenantId: lake.tenant,
      clientId: lake.client_id,
      clientSecret: lake.client_secret,
      userAssertionToken: token,
    });
    await mustAccept(await credential.getToken(SCOPE));
  },
  'job of azure pipelines': async () => {
    process.env.SYSTEM_OIDCREQUESTURI = `${lake.https}/_lake/identity/pipelines`;
    const credential = new identity.AzurePipelinesCredential(
      lake.tenant,
      lake.client_id,
      'connection',
      lake.client_secret,
    );
    await mustAccept(await credential.getToken(SCOPE));
  },
  'workload identity of a pod': async () => {
    const answer = await get(`${lake.https}/_lake/identity/kubernetes`, {
      authorization: `Bearer ${lake.client_secret}`,
    });
    const folder = mkdtempSync(join(tmpdir(), 'pod-'));
    try {
      const tokenFilePath = join(folder, 'token');
      writeFileSync(tokenFilePath, answer.bodyAsText);
      const pod = { tenantId: lake.tenant, clientId: lake.client_id, tokenFilePath };
      await mustAccept(await new identity.WorkloadIdentityCredential(pod).getToken(SCOPE));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  // The people and applications of directory.toml.
  'a password without the code of a second factor is refused as aadsts50076': async () => {
    await mustBeRefused(50076, ofPerson('mfa@contoso.example', 'and a code'));
  },
  'a disabled account is refused as aadsts50057': async () => {
    await mustBeRefused(50057, ofPerson('disabled@contoso.example', 'of a colleague who left'));
  },
  'an application for which only an administrator can consent is refused as aadsts90094': async () => {
    const administrators = '3d3c1f0e-5d64-4b57-9f0e-0a1f6c2b7d03';
    await mustBeRefused(90094, ofPerson(lake.user, lake.user_password, administrators));
  },
};

let passed = 0;
for (const [name, flow] of Object.entries(flows)) {
  try {
    await flow();
    passed += 1;
    console.log(`ok    @azure/identity ${name}`);
  } catch (error) {
    console.log(`FAIL  @azure/identity ${name}: ${String(error).slice(0, 300)}`);
  }
}
const all = Object.keys(flows).length;
console.log(`IDENTITY (JavaScript): passed ${passed} of ${all}`);
process.exit(passed === all ? 0 : 1);
