// npm's oidc-provider at the paths of Azure AD and of ADFS, one authority each.
//
// Its argument is the folder of node_modules. The first line of its input is a JSON object with what the clients are
// known by; it answers with the addresses, and ends with its input.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const found = createRequire(`${process.argv[2]}/`).resolve('oidc-provider');
const { Provider } = await import(found);

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';
const SCOPE = 'https://datalake.azure.net//.default';

function clients({ secret, key, algorithm }) {
  const application = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] };
  return [
    { client_id: 'secret', client_secret: secret, token_endpoint_auth_method: 'client_secret_post', ...application },
    {
      client_id: 'certificate',
      jwks: { keys: [key] },
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: algorithm,
      ...application,
    },
    {
      client_id: 'person',
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token', DEVICE_CODE],
      response_types: ['code'],
      redirect_uris: ['http://localhost:8400/'],
    },
  ];
}

async function listen(routes, known) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(address, {
    clients: clients(known),
    features: { clientCredentials: { enabled: true }, deviceFlow: { enabled: true } },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    issueRefreshToken: async () => true,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    routes,
    scopes: ['openid', 'offline_access', 'profile', SCOPE],
  });
  server.on('request', provider.callback());
  return address;
}

const input = createInterface({ input: process.stdin });
input.on('close', () => process.exit());
const [line] = await once(input, 'line');
const known = JSON.parse(line);
const azure = '/contoso/oauth2/v2.0';
const routes = {
  token: `${azure}/token`,
  device_authorization: `${azure}/devicecode`,
  authorization: `${azure}/authorize`,
};
const entra = await listen(routes, { ...known, algorithm: 'PS256' });
const adfs = await listen({ token: '/adfs/oauth2/token' }, { ...known, algorithm: 'RS256' });
console.log(JSON.stringify({ entra, adfs }));
