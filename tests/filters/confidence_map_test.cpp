// SPDX-License-Identifier: Apache-2.0
#include "allocations.hpp"
#include "images.hpp"
#include "instruction_sets.hpp"

#include <guide/filters/confidence_map.hpp>

#include <catch2/catch.hpp>

#include <functional>
#include <limits>

using namespace guide;
using filters::ConfidenceMap;
using filters::ConfidenceOptions;

namespace {

Image<float> map_of(const Image<float>& in, ConfidenceOptions options = {}, int threads = 1) {
    Image<float> out(in.width(), in.height(), NAN);
    filters::confidence_map(in.view(), out.view(), options, {threads, {}});
    return out;
}

/// The conductances of the definition, in double precision: visit(x, y, x2, y2, conductance).
using Visit = std::function<void(int, int, int, int, double)>;

void for_each_edge(const Image<float>& in, const ConfidenceOptions& o, const Visit& visit) {
    const int w = in.width(), h = in.height();
    const auto grey = [&](int x, int y) {
        const double g = in.at(x, y);
        const bool counts = std::abs(g) <= 1e30;
        return counts ? g * (1 - std::exp(-o.alpha * y / (h - 1))) : 0.0;
    };
    struct Edge {
        int x, y, x2, y2;
        bool lateral;
        double d;
    };
    std::vector<Edge> edges;
    const auto add = [&](int x, int y, int x2, int y2) {
        if (x2 < 0 || x2 >= w || y2 >= h) return;
        edges.push_back({x, y, x2, y2, x2 != x, std::abs(grey(x, y) - grey(x2, y2))});
    };
    for (int y = 0; y < h; ++y) {
        for (int x = 0; x < w; ++x) {
            add(x, y, x, y + 1);
            add(x, y, x + 1, y);
            add(x, y, x + 1, y + 1);
            add(x, y, x - 1, y + 1);
        }
    }
    const auto to_range = [&] {
        const auto [least, most] = std::minmax_element(
            edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.d < b.d; });
        const double low = least->d, span = most->d - low;
        for (auto& edge : edges)
            edge.d = span > 1e-30 ? (edge.d - low) / span : 0;
    };
    const auto add_gamma = [&] {
        for (auto& edge : edges)
            edge.d += edge.lateral ? o.gamma : 0;
    };
    if (o.steepest > 0) {
        for (auto& edge : edges)
            edge.d /= o.steepest;
        add_gamma();
        for (auto& edge : edges)
            edge.d /= 1 + o.gamma;
    } else {
        to_range();
        add_gamma();
        to_range();
    }
    for (const auto& e : edges)
        visit(e.x, e.y, e.x2, e.y2, std::exp(-o.beta * e.d) + 1e-5);
}

/// The definition: the equations of all pixels between the first and the last row, by Cholesky's
/// band method in double precision.
Image<float> plain(const Image<float>& in, const ConfidenceOptions& o = {}) {
    const int w = in.width(), h = in.height(), band = w + 1, n = w * (h - 2);
    Image<float> out(w, h);
    for (int x = 0; x < w; ++x)
        out.at(x, 0) = 1;
    if (h < 3) return out;
    // Lower triangle: a[i][j - i + band] for j from i - band to i.
    std::vector<std::vector<double>> a(static_cast<std::size_t>(n),
                                       std::vector<double>(static_cast<std::size_t>(band) + 1));
    std::vector<double> b(static_cast<std::size_t>(n));
    const auto at = [&](int i, int j) -> double& {
        return a[static_cast<std::size_t>(i)][static_cast<std::size_t>(j - i + band)];
    };
    const auto value = [&](int i) -> double& { return b[static_cast<std::size_t>(i)]; };
    for_each_edge(in, o, [&](int x, int y, int x2, int y2, double c) {
        const int i = (y - 1) * w + x, j = (y2 - 1) * w + x2;
        const bool free = y > 0 && y<h - 1, free2 = y2> 0 && y2 < h - 1;
        if (free) at(i, i) += c;
        if (free2) at(j, j) += c;
        if (free && free2) at(std::max(i, j), std::min(i, j)) -= c;
        if (free2 && y == 0) value(j) += c;
    });
    for (int i = 0; i < n; ++i) {
        for (int j = std::max(0, i - band); j <= i; ++j) {
            double sum = at(i, j);
            for (int k = std::max({0, i - band, j - band}); k < j; ++k)
                sum -= at(i, k) * at(j, k);
            at(i, j) = i == j ? std::sqrt(sum) : sum / at(j, j);
        }
    }
    for (int i = 0; i < n; ++i) {
        for (int k = std::max(0, i - band); k < i; ++k)
            value(i) -= at(i, k) * value(k);
        value(i) /= at(i, i);
    }
    for (int i = n; i-- > 0;) {
        for (int k = i + 1; k <= std::min(n - 1, i + band); ++k)
            value(i) -= at(k, i) * value(k);
        value(i) /= at(i, i);
        out.at(i % w, i / w + 1) = static_cast<float>(value(i));
    }
    return out;
}

/// Greys that hardly differ but for a slit and a bar: walks go far.
Image<float> bar(int width, int height) {
    auto image = test::random_image(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const bool bright = y > height / 3 && y < height / 3 + 4 && x > width / 4;
            image.at(x, y) = 0.05F * image.at(x, y) + (bright ? 240.0F : x == width / 2 ? 0 : 60);
        }
    }
    return image;
}

constexpr double kClose = 2e-5;

}  // namespace

TEST_CASE("confidence_map: equals a direct solution in double precision at awkward sizes") {
    for (const int w : test::kAwkwardSizes) {
        for (const int h : test::kAwkwardSizes) {
            INFO(w << " x " << h);
            const auto in = bar(w, h);
            CHECK(test::largest_difference(map_of(in), plain(in)) < kClose);
        }
    }
}

TEST_CASE("confidence_map: every instruction set equals the definition") {
    const auto in = bar(75, 70);
    const auto noise = test::random_image(75, 70);
    const auto wanted = plain(in), wanted_noise = plain(noise);
    test::for_each_instruction_set([&] {
        CHECK(test::largest_difference(map_of(in), wanted) < kClose);
        CHECK(test::largest_difference(map_of(noise), wanted_noise) < kClose);
    });
}

TEST_CASE("confidence_map: all options are those of the definition") {
    const auto in = bar(40, 50);
    for (const ConfidenceOptions& o :
         {ConfidenceOptions{0, 90, 0.05, 0}, ConfidenceOptions{5, 30, 0.3, 0},
          ConfidenceOptions{2, 0, 0, 0}, ConfidenceOptions{2, 200, 0, 0},
          ConfidenceOptions{2, 90, 0.05, 255}, ConfidenceOptions{2, 90, 0.05, 20}}) {
        INFO("alpha " << o.alpha << " beta " << o.beta << " steepest " << o.steepest);
        CHECK(test::largest_difference(map_of(in, o), plain(in, o)) < kClose);
    }
}

TEST_CASE("confidence_map: large frames with channels and walls equal the definition") {
    // Walls with one gap each, left and right in turn: the walk must run to and fro.
    Image<float> in(96, 200, 0.0F);
    for (int y = 8; y < 200; y += 8) {
        for (int x = 0; x < 96; ++x)
            in.at(x, y) = (y / 8 % 2 == 0 ? x < 4 : x >= 92) ? 0.0F : 255.0F;
    }
    CHECK(test::largest_difference(map_of(in, {0, 90, 0.05, 0}), plain(in, {0, 90, 0.05, 0})) <
          kClose);
}

TEST_CASE("confidence_map: a constant gives depth alone, and the ends are one and zero") {
    const Image<float> constant(65, 63, 200.0F);
    const auto ramp = map_of(constant, {0, 90, 0.05, 0}), out = map_of(constant);
    for (int y = 0; y < 63; ++y) {
        CHECK(ramp.at(40, y) == Approx(1 - y / 62.0).margin(1e-5));
        for (int x = 0; x < 65; ++x)
            CHECK(out.at(x, y) == Approx(out.at(0, y)).margin(1e-5));
    }
    CHECK(test::largest_difference(map_of(Image<float>(65, 63, 100.0F)), out) < kClose);
    const auto noise = map_of(test::random_image(33, 64));
    for (int x = 0; x < 33; ++x) {
        CHECK(noise.at(x, 0) == 1);
        CHECK(noise.at(x, 63) == 0);
        for (int y = 1; y < 63; ++y)
            CHECK((noise.at(x, y) >= 0 && noise.at(x, y) <= 1));
    }
}

TEST_CASE("confidence_map: a flip from left to right commutes") {
    const auto in = bar(130, 70);
    CHECK(test::largest_difference(map_of(test::flipped_x(in)), test::flipped_x(map_of(in))) <
          kClose);
}

TEST_CASE("confidence_map: strided views, in place, and any number of threads give the same bits") {
    auto in = test::random_image(300, 260);
    const auto out = map_of(in);
    CHECK(test::largest_difference(map_of(in, {}, 2), out) == 0);
    CHECK(test::largest_difference(map_of(in, {}, 3), out) == 0);
    const test::Strided source(in);
    test::Strided target(in);
    filters::confidence_map(source.part, target.part);
    CHECK(test::largest_difference(target.part, out.view()) == 0);
    CHECK(std::isnan(target.whole.at(2, 2)));
    filters::confidence_map(in.view(), in.view());
    CHECK(test::largest_difference(in, out) == 0);
}

TEST_CASE("confidence_map: pixels that are not finite count as zero") {
    auto in = bar(40, 30), zeros = bar(40, 30);
    for (const float bad : {NAN, INFINITY, -INFINITY, 3e38F}) {
        in.at(17, 11) = bad;
        zeros.at(17, 11) = 0;
        CHECK(test::largest_difference(map_of(in), map_of(zeros)) == 0);
    }
    const auto out = map_of(Image<float>(20, 20, NAN));
    CHECK(out.at(5, 10) == Approx(1 - 10 / 19.0).margin(1e-5));  // as black does
    auto huge = bar(40, 30);
    for (std::size_t i = 0; i < huge.size(); ++i)
        huge.data()[i] *= 1e27F;
    CHECK(test::largest_difference(map_of(huge), map_of(bar(40, 30))) < kClose);
}

TEST_CASE("confidence_map: a live map has the bits of a single one, whatever came before") {
    ConfidenceMap live;
    const ConfidenceOptions fixed{2, 90, 0.05, 255};
    auto frame = test::random_image(256, 256);
    Image<float> out(256, 256);
    live.compute(frame.view(), out.view(), fixed);
    CHECK(live.renewed() == 1);
    live.compute(frame.view(), out.view(), fixed);
    CHECK(live.renewed() == 0);
    CHECK(test::largest_difference(out, map_of(frame, fixed)) == 0);

    frame.at(200, 31) += 40;
    live.compute(frame.view(), out.view(), fixed);
    CHECK(live.renewed() > 0);
    CHECK(live.renewed() < 0.5);
    CHECK(test::largest_difference(out, map_of(frame, fixed)) == 0);

    live.compute(frame.view(), out.view());  // other weights
    CHECK(live.renewed() == 1);
    CHECK(test::largest_difference(out, map_of(frame)) == 0);

    const auto small = test::random_image(100, 40);
    Image<float> small_out(100, 40);
    live.compute(small.view(), small_out.view());
    CHECK(test::largest_difference(small_out, map_of(small)) == 0);
}

TEST_CASE("confidence_map: a second frame allocates nothing of its size") {
    ConfidenceMap live;
    const auto first = test::random_image(320, 240), second = test::random_image(320, 240, 2);
    Image<float> out(320, 240);
    live.compute(first.view(), out.view(), {}, {2, {}});
    const test::Allocations watch;
    live.compute(second.view(), out.view(), {}, {2, {}});
    CHECK(watch.largest() < 320 * 24);
}

TEST_CASE("confidence_map: a stop is heard, and the next frame is right") {
    ConfidenceMap live;
    const auto frame = test::random_image(256, 128);
    Image<float> out(256, 128);
    live.compute(frame.view(), out.view());
    std::stop_source source;
    source.request_stop();
    CHECK_THROWS_AS(live.compute(frame.view(), out.view(), {}, {1, source.get_token()}), Stopped);
    live.compute(frame.view(), out.view());
    CHECK(test::largest_difference(out, map_of(frame)) == 0);
}

TEST_CASE("confidence_map: wrong calls throw") {
    Image<float> a(4, 4), b(5, 4);
    CHECK_THROWS_AS(filters::confidence_map(a.view(), b.view()), PreconditionError);
    CHECK_NOTHROW(filters::confidence_map(ImageView<const float>(), ImageView<float>()));
    const auto message = [&](ConfidenceOptions options) -> std::string {
        try {
            options.validate();
        } catch (const PreconditionError& error) {
            return error.what();
        }
        return "";
    };
    CHECK_THAT(message({-1, 90, 0.05, 0}), Catch::Contains("alpha"));
    CHECK_THAT(message({2, NAN, 0.05, 0}), Catch::Contains("beta"));
    CHECK_THAT(message({2, 90, 11, 0}), Catch::Contains("gamma"));
    CHECK_THAT(message({2, 90, 0.05, -3}), Catch::Contains("steepest"));
}
