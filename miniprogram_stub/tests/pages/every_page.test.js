/** Every page of app.json opens against the real backend, says something, and has no control without a name. */
const { assert, fileInquiry, network, office, openPage, project, test } = require('../support');

/** What each page is opened with; a page that is not here is opened with nothing. */
const QUERIES = {
  'pages/sign/index': () => ({ q: encodeURIComponent(office.signOf('综合窗口').url) }),
  'pages/new/index': () => ({ sign: office.signOf('综合窗口').code }),
  'pages/inquiry/index': async () => ({ number: (await fileInquiry()).number }),
};

for (const path of project.pagePaths()) {
  test(`${path} opens`, async () => {
    const page = await openPage(path, (await QUERIES[path]?.()) || {});
    assert.notEqual(page.data.state, 'loading');
    assert.ok(page.text.length > 0);
    assert.deepEqual(page.nameless, []);
  });

  test(`${path} says so without a network, and can be tried again`, async () => {
    network.offline(100);
    const page = await openPage(path, (await QUERIES[path]?.()) || {});
    if (page.data.state !== 'error') return;
    assert.ok(page.shows('网络'), page.text);
    assert.ok(page.has(/再试|重试/), page.names.join());
  });
}
