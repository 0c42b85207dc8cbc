module.exports = { apiBase: 'https://example.invalid' };
