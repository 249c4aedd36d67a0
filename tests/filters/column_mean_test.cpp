// SPDX-License-Identifier: Apache-2.0
#include "allocations.hpp"
#include "images.hpp"
#include "instruction_sets.hpp"

#include <guide/filters/column_mean.hpp>

#include <catch2/catch.hpp>

#include <limits>

using namespace guide;
using filters::ColumnWindow;

namespace {

Image<float> mean(const Image<float>& in, ColumnWindow window, int threads = 1) {
    Image<float> out(in.width(), in.height());
    filters::column_mean(in.view(), out.view(), window, {threads});
    return out;
}

Image<float> plain(const Image<float>& in, ColumnWindow window) {
    Image<float> out(in.width(), in.height(), window.otherwise);
    for (int y = 0; y < in.height(); ++y) {
        for (int x = 0; x < in.width(); ++x) {
            double sum = 0;
            int count = 0;
            for (int r = y + window.from; r < y + window.to; ++r) {
                if (r < 0 || r >= in.height()) continue;
                sum += in.at(x, r);
                ++count;
            }
            if (count >= window.fewest_rows) out.at(x, y) = static_cast<float>(sum / count);
        }
    }
    return out;
}

Image<float> share(const Image<float>& in, int threads = 1) {
    Image<float> out(in.width(), in.height());
    filters::column_share_below(in.view(), out.view(), {threads});
    return out;
}

}  // namespace

TEST_CASE("column_mean: equals its definition at awkward sizes and windows") {
    test::for_each_instruction_set([] {
        for (const int w : test::kAwkwardSizes) {
            for (const int h : test::kAwkwardSizes) {
                const auto in = test::random_image(w, h);
                for (const ColumnWindow& window :
                     {ColumnWindow{1, 20, 1, -1}, ColumnWindow{-9, -2, 3, 0},
                      ColumnWindow{-200, 200}, ColumnWindow{0, 0, 1, 7}, ColumnWindow{-2, 3},
                      ColumnWindow{70, 90}, ColumnWindow{-90, -70}}) {
                    INFO(w << " x " << h << ", " << window.from << ".." << window.to);
                    CHECK(test::largest_difference(mean(in, window), plain(in, window)) < 1e-4);
                }
            }
        }
    });
}

TEST_CASE("column_share_below: equals its definition at awkward sizes") {
    test::for_each_instruction_set([] {
        for (const int w : test::kAwkwardSizes) {
            for (const int h : test::kAwkwardSizes) {
                auto in = test::random_image(w, h);
                in.at(w / 2, h / 3) = -50;
                Image<float> expected(w, h);
                for (int x = 0; x < w; ++x) {
                    double all = 0, above = 0;
                    for (int y = 0; y < h; ++y)
                        all += std::max(0.0F, in.at(x, y));
                    for (int y = 0; y < h; ++y) {
                        above += std::max(0.0F, in.at(x, y));
                        expected.at(x, y) = static_cast<float>(all > 0 ? (all - above) / all : 0);
                    }
                }
                INFO(w << " x " << h);
                CHECK(test::largest_difference(share(in), expected) < 1e-6);
            }
        }
    });
}

TEST_CASE("column_mean: a constant stays, flips commute, strides and threads change nothing") {
    const Image<float> constant(65, 80, 50.0F);
    CHECK(test::largest_difference(mean(constant, {-5, 6}), constant) < 1e-4);
    const auto in = test::random_image(200, 90);
    const auto out = mean(in, {2, 30});
    CHECK(test::largest_difference(mean(test::flipped_x(in), {2, 30}), test::flipped_x(out)) == 0);
    // Upside down, what was below is above.
    CHECK(test::largest_difference(mean(test::flipped_y(in), {-29, -1}), test::flipped_y(out)) <
          1e-4);
    const auto below = share(in);
    CHECK(test::largest_difference(share(test::flipped_x(in)), test::flipped_x(below)) == 0);
    for (const int threads : {2, 3}) {
        CHECK(test::largest_difference(mean(in, {2, 30}, threads), out) == 0);
        CHECK(test::largest_difference(share(in, threads), below) == 0);
    }
    const test::Strided source(in);
    test::Strided target(in);
    filters::column_mean(source.part, target.part, {2, 30});
    CHECK(test::largest_difference(target.part, out.view()) == 0);
    filters::column_share_below(source.part, target.part);
    CHECK(test::largest_difference(target.part, below.view()) == 0);
    CHECK(std::isnan(target.whole.at(2, 2)));
    CHECK(std::isnan(target.whole.at(3 + 200, 2)));
}

TEST_CASE("column_mean: allocates rows, not frames, and stops when asked to") {
    const auto in = test::random_image(700, 500);
    Image<float> out(700, 500);
    const test::Allocations allocations;
    filters::column_mean(in.view(), out.view(), {-9, 9});
    filters::column_share_below(in.view(), out.view());
    CHECK(allocations.largest() < 10 * 700 * sizeof(float));
    std::stop_source stop;
    stop.request_stop();
    const Execution stopped{1, stop.get_token()};
    CHECK_THROWS_AS(filters::column_mean(in.view(), out.view(), {}, stopped), Stopped);
    CHECK_THROWS_AS(filters::column_share_below(in.view(), out.view(), stopped), Stopped);
}

TEST_CASE("column_share_below: falls from the whole to nothing and is flat in black") {
    Image<float> in(3, 10);
    for (int y = 0; y < 10; ++y) {
        in.at(0, y) = 1;
        in.at(1, y) = y == 4 ? 200.0F : 0.0F;
    }
    const auto out = share(in);
    for (int y = 0; y < 10; ++y) {
        CHECK(out.at(0, y) == Approx((9 - y) / 10.0));
        CHECK(out.at(1, y) == (y < 4 ? 1.0F : 0.0F));
        CHECK(out.at(2, y) == 0);
    }
    const auto big = test::random_image(130, 40);
    CHECK(test::largest_difference(share(big), share(big, 4)) == 0);
}

TEST_CASE("column_mean: pixels that are not finite count as 0 and spoil nothing") {
    auto in = test::random_image(5, 40), zeroed = in.clone();
    constexpr float kBad[] = {std::numeric_limits<float>::quiet_NaN(),
                              std::numeric_limits<float>::infinity(),
                              -std::numeric_limits<float>::infinity()};
    for (int x = 0; x < 3; ++x) {
        in.at(x, 3 + x) = kBad[x];
        zeroed.at(x, 3 + x) = 0;
    }
    CHECK(test::largest_difference(mean(in, {-2, 5}), mean(zeroed, {-2, 5})) == 0);
    CHECK(test::largest_difference(share(in), share(zeroed)) == 0);
}

TEST_CASE("column_mean: wrong calls throw and name the field") {
    Image<float> a(4, 4), b(4, 5);
    CHECK_THROWS_AS(filters::column_mean(a.view(), b.view(), {}), PreconditionError);
    CHECK_THROWS_WITH(mean(a, {3, 2}), Catch::Contains("to is not below from"));
    CHECK_THROWS_WITH(mean(a, {std::numeric_limits<int>::min(), 2}), Catch::Contains("from"));
    CHECK_THROWS_WITH(mean(a, {0, 1, 0}), Catch::Contains("fewest_rows"));
    CHECK_THROWS_AS(filters::column_share_below(a.view(), b.view()), PreconditionError);
    CHECK_NOTHROW(filters::column_mean(ImageView<const float>(), ImageView<float>(), {}));
    CHECK_NOTHROW(filters::column_share_below(ImageView<const float>(), ImageView<float>()));
}
