// Tells the frame around the page whether the page holds: width, language, scroll, cut or overlapping text, requests.
document.getElementById('in-' + asked)?.click();
document.querySelectorAll('details').forEach(function (d, i) { d.open = i < 3; });
(function () {
  var bad = [];
  var root = document.documentElement;
  if (root.scrollWidth > innerWidth) bad.push('scrolls sideways: ' + root.scrollWidth);
  var tables = document.querySelectorAll('#units .scroll, .profile[open] .scroll, #map');
  tables.forEach(function (t) {
    if (t.scrollWidth > t.clientWidth + 1) bad.push('a table scrolls sideways: ' + t.scrollWidth + ' in ' + t.clientWidth);
  });
  // Drawn labels: inside their drawing, apart from each other.
  document.querySelectorAll('svg.figure').forEach(function (svg) {
    var frame = svg.getBoundingClientRect();
    var boxes = Array.from(svg.querySelectorAll('tspan')).map(function (t) {
      var r = document.createRange();
      r.selectNodeContents(t);
      return { text: t.textContent, box: r.getBoundingClientRect() };
    }).filter(function (t) { return t.box.width > 0; });
    boxes.forEach(function (a, i) {
      if (a.box.left < frame.left - 1 || a.box.right > frame.right + 1) bad.push('cut: ' + a.text);
      boxes.slice(i + 1).forEach(function (b) {
        var x = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        var y = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        if (x > 1 && y > 4) bad.push('overlap: ' + a.text + ' and ' + b.text);
      });
    });
  });
  document.querySelectorAll('.axis').forEach(function (axis) {
    var shown = Array.from(axis.children).map(function (i) { return i.getBoundingClientRect(); })
      .filter(function (b) { return b.width > 0; });
    shown.slice(1).forEach(function (b, i) { if (b.left < shown[i].right) bad.push('ticks overlap'); });
  });
  // Words of table cells must not be wider than their cell.
  document.querySelectorAll('#units td, #units th, .profile[open] td, .profile[open] th').forEach(function (c) {
    if (c.clientWidth > 0 && c.scrollWidth > c.clientWidth + 1 && !c.querySelector('.axis, svg')) {
      bad.push('cut: ' + c.textContent.slice(0, 40));
    }
  });
  var requests = performance.getEntriesByType('resource').length;
  if (requests > 0) bad.push(requests + ' requests');
  if (!document.getElementById('in-' + asked)?.checked) bad.push('no switch to ' + asked);
  var dark = matchMedia('(prefers-color-scheme: dark)').matches ? ' dark' : ' light';
  parent.postMessage((bad.length ? bad.slice(0, 5).join('; ') : 'ok ' + innerWidth + dark).replace(/["<>&]/g, ''), '*');
})();
