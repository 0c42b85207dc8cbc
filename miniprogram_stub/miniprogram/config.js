/** Where this mini program's server is. The address has to be a request domain of the AppID (guide, 第 3 步). */
module.exports = { apiBase: 'https://shouwen.example.cn' };
